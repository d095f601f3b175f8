"""Deliveries and their runs: seen by who imports where they are for; uploaded by their owner."""

from typing import Any

from layers.access.roles import Action
from tests.access_matrix.expectation import Entry, Expect, page, record, resource
from tests.access_matrix.scene import Spot

FILL = {
    "uid": lambda spot: spot.delivery,
    "run": lambda spot: spot.import_run,
    "number": lambda _s: 1,
}


def seen(ok: int) -> Expect:
    return record(Action.IMPORT, ok=ok, lacking=403)


def over_json(ok: int) -> Expect:
    return resource(Action.IMPORT, ok=ok, nobody=403, anonymous=401, lacking=403)


def of_delivery(method: str, rest: str, ok: int, **body: str) -> Entry:
    return Entry(method, f"imports/{{uid}}/{rest}", seen(ok), fill=FILL, body=lambda _spot: body)


def new_delivery(spot: Spot) -> dict[str, Any]:
    files = [{"name": "a.zip", "size": 3}]
    return {"layer": "toilets", "division": spot.division, "files": files}


IMPORTS: tuple[Entry, ...] = (
    Entry(
        "GET",
        "imports/",
        page(Action.IMPORT),
        queries=("?layer=toilets", "?county=433123000000", "?state=open", "?page=2"),
    ),
    of_delivery("GET", "", 200),
    of_delivery("GET", "progress", 204),
    of_delivery("GET", "places", 200),
    of_delivery("POST", "corrections", 302),
    of_delivery("POST", "reset", 302),
    of_delivery("POST", "read", 302),
    of_delivery("POST", "profile", 302),
    of_delivery("POST", "discard", 302),
    of_delivery("POST", "runs", 302, mode="dry"),
    of_delivery("POST", "runs/{run}/cancel", 302),
    of_delivery("POST", "runs/{run}/undo", 302),
    # Nobody of the table sent the file.
    of_delivery("GET", "runs/{run}/rejects.xlsx", 404),
    Entry(
        "POST",
        "api/imports",
        resource(Action.IMPORT, ok=201, outside=403, nobody=403, anonymous=401),
        body=new_delivery,
    ),
    Entry("GET", "api/imports/{uid}", over_json(200), fill=FILL),
    Entry(
        "PUT",
        "api/imports/{uid}/files/{number}",
        over_json(404),
        fill=FILL,
    ),
    Entry("POST", "api/imports/{uid}/complete", over_json(404), fill=FILL),
)
