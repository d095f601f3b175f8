"""What every reader offers, and what it says about a file. Nothing here knows Django's settings.

Readers run inside the box (importers.box): they see one file and a temporary folder, and hand on
plain text, numbers and WKB, never a library's objects.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from importers.phrases import gettext_noop

GEOMETRY_COLUMN = "__geometry__"
"""The WKB column of a batch; null where a row has no geometry."""

UNREADABLE_COLUMN = "__unreadable__"
"""Names of the columns of a row whose text no encoding could decode, or null."""

ROW_COLUMN = "__row__"
"""The number of a row as a person sees it in the file (int64): set where that is not simply its
position, as in a sheet with titles above. Counted from 1."""

EXPLANATION_SHEETS = ("字段说明", "Fields explained")
"""Sheets of our own templates that explain the table beside them: no table to read."""

EXPLANATION_FILES = ("字段说明.csv", "fields.csv")
"""What explains the fields in our own archives, in Chinese or English."""

LISTS_SHEET = "选项"
"""The hidden sheet of our own templates that holds the lists to choose from."""

BATCH_ROWS = 20_000


class FileProblem(Exception):
    """Why a file cannot be read: an English text to translate, its parameters, and the remedy."""

    def __init__(self, text: str, *, remedy: str = "", **parameters: Any) -> None:
        super().__init__(text % parameters)
        self.text = text
        self.remedy = remedy
        self.parameters = parameters

    def as_dict(self) -> dict[str, Any]:
        return {"text": self.text, "remedy": self.remedy, "parameters": self.parameters}


class SeveralTables(FileProblem):
    """The file holds several tables and none was asked for."""

    def __init__(self, tables: Sequence[str]) -> None:
        super().__init__(
            gettext_noop("The file holds these tables: %(tables)s."),
            remedy=gettext_noop("Say which one."),
            tables=", ".join(tables) or "-",
        )
        self.tables = tuple(tables)

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "several": list(self.tables)}


def needs_too_much_memory() -> FileProblem:
    return FileProblem(
        gettext_noop("The file needs more memory than reading it is allowed."),
        remedy=gettext_noop("Split it, or send it as GeoPackage."),
    )


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `type` is Arrow's name of it (string, int64, double, date32[day], ...)."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """A file before its rows.

    `crs` is WKT, an authority code or None; `crs_stated` tells a stated one from a format's
    default. `names_cut` is set where column names end after so many bytes of `encoding`. `rows`
    is None where only reading would tell; of a text table it is the most that there can be. `notes`
    are (English text, parameters) for the report. `table` is the one that is read, of the file's
    `tables`; both empty where a format has just one.
    """

    format: str
    columns: tuple[Column, ...]
    geometry_type: str | None
    crs: str | None
    crs_stated: bool
    encoding: str
    encoding_why: str
    rows: int | None
    names_cut: int | None = None
    notes: tuple[tuple[str, dict[str, Any]], ...] = field(default=())
    table: str = ""
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """Which file, or folder of files that belong together; a temporary folder the reader may fill;
    which table, where there are several."""

    path: Path
    scratch: Path
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file: its description and its record batches (pyarrow), each read once."""

    description: SourceDescription
    batches: Iterator[Any]


class Reader(Protocol):
    """One format."""

    @property
    def name(self) -> str: ...

    @property
    def drivers(self) -> tuple[str, ...]:
        """The OGR drivers it needs; the box has no others."""

    def detect(self, head: bytes, path: Path) -> bool:
        """Whether the content is this format; `head` is its first kilobytes."""

    def open(self, request: Request) -> AbstractContextManager[Source]:
        """Raises FileProblem."""
