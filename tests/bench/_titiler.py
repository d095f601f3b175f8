"""titiler as its documentation starts it. Runs in the peers' environment, by uvicorn."""

from fastapi import FastAPI
from titiler.core.factory import TilerFactory

app = FastAPI()
app.include_router(TilerFactory().router)


@app.get("/healthz")
def alive() -> str:
    return "ok"
