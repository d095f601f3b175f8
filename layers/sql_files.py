"""Reads packaged SQL files: SQL longer than a line or two lives beside the module that runs it."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "sql"


@cache
def packaged_sql(name: str, folder: Path = FOLDER) -> str:
    """The text of `<folder>/<name>.sql`."""
    return (folder / f"{name}.sql").read_text(encoding="utf-8")
