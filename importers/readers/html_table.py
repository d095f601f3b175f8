"""HTML tables, which many Chinese systems write and call .xls.

Python's own parser reads them: it knows the characters' names of HTML, declares no entities,
follows no address and runs no script. Excel's other disguises are told by name and refused.
"""

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

from importers.phrases import gettext_noop
from importers.readers.grid import Grid, Table
from importers.readers.layout import Merge, Notes
from importers.readers.specification import FileProblem, Request, SeveralTables, Source
from importers.text import encoding_of_stream, named_codec

CHUNK = 1 << 20
MOST_BYTES = 200 << 20
MOST_WIDTH = 2000
MOST_SPAN = 65_534
"""HTML's own limit of rowspan (WHATWG, §4.9.11)."""
LOST = "\ufffd"
_BEGINS = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|meta|body|style|table|div|center)\b",
    re.IGNORECASE | re.DOTALL,
)
_TABLE = re.compile(rb"<table\b|schemas-microsoft-com:office", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]*charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DISGUISES = re.compile(
    rb"urn:schemas-microsoft-com:office:spreadsheet|^MIME-Version:", re.IGNORECASE
)
SUFFIXES = frozenset({".xls", ".xlsx", ".et", ".htm", ".html"})


class HtmlTableReader:
    name = "HTML"
    drivers: tuple[str, ...] = ()

    def detect(self, head: bytes, path: Path) -> bool:
        if _BEGINS.match(head):
            return _TABLE.search(head) is not None or path.suffix.lower() in SUFFIXES
        return _is_disguise(head)

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        with request.path.open("rb") as stream:
            head = stream.read(CHUNK)
        if not _BEGINS.match(head) or _is_disguise(head[:4096]):
            raise FileProblem(
                gettext_noop("This is an XML or web archive of Excel under another name."),
                remedy=gettext_noop("Open it in a spreadsheet program and save it as .xlsx."),
            )
        codec, why = _codec(head, request.path)
        found, notes = _parsed(request.path, codec)
        tables = {name: table for name, table in found.items() if table.rows}
        name = request.table or (next(iter(tables)) if len(tables) == 1 else None)
        if not tables:
            raise FileProblem(
                gettext_noop("There is no table in the HTML file."),
                remedy=gettext_noop("Open it in a spreadsheet program and save it as .xlsx."),
            )
        if name not in tables:
            raise SeveralTables(tuple(tables))
        chosen = tables[name]
        grid = Grid(lambda: iter(chosen.rows), chosen.merges)
        yield Table(grid).source(
            format_name=self.name,
            notes=notes,
            encoding=codec.upper(),
            encoding_why=why,
            table=name if len(tables) > 1 else "",
            tables=tuple(tables) if len(tables) > 1 else (),
        )


def _is_disguise(head: bytes) -> bool:
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    xml = start.startswith(b"<?xml") and b"<html" not in head.lower()
    return _DISGUISES.search(head) is not None and (xml or start[:5].upper() == b"MIME-")


def _codec(head: bytes, path: Path) -> tuple[str, str]:
    """As the page states it, where that is so; else as its bytes are."""
    stated = _CHARSET.search(head)
    codec = named_codec(stated[1].decode("ascii")) if stated else None
    found = encoding_of_stream(path)
    if codec is not None and (codec == found.name or found.name != "utf-8"):
        return codec, gettext_noop("stated in the page")
    return found.name, found.why


def _parsed(path: Path, codec: str) -> tuple[dict[str, "HtmlTable"], Notes]:
    if path.stat().st_size > MOST_BYTES:
        raise FileProblem(
            gettext_noop("The HTML file is larger than %(megabytes)d MB."),
            remedy=gettext_noop("Open it in a spreadsheet program and save it as .xlsx."),
            megabytes=MOST_BYTES >> 20,
        )
    parser = _Parser()
    decoder = codecs.getincrementaldecoder(codec)("replace")
    lost = False
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            text = decoder.decode(chunk)
            lost = lost or LOST in text
            parser.feed(text)
    parser.close()
    note = gettext_noop("Some of the text is in another encoding and is shown as “�”.")
    notes: Notes = [(note, {})] if lost else []
    names = (f"表{number}" for number in range(1, len(parser.tables) + 1))
    return dict(zip(names, parser.tables, strict=True)), notes


class HtmlTable:
    """Rows of text and the ranges that span several; positions as a browser would place them."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.merges: list[Merge] = []
        self._reaching: dict[int, int] = {}
        """Columns that cells of earlier rows reach down into, and the last row of each."""
        self._text: list[str] | None = None
        self._spans = (1, 1)

    def begin_row(self) -> None:
        self.end_cell()
        self.rows.append([])

    def begin_cell(self, across: int, down: int) -> None:
        self.end_cell()
        if not self.rows:
            self.rows.append([])
        self._text, self._spans = [], (across, down)

    def say(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end_cell(self) -> None:
        if self._text is None:
            return
        text, self._text = "".join(self._text).strip(), None
        across, down = self._spans
        row, number = self.rows[-1], len(self.rows) - 1
        while self._reaching.get(len(row), -1) >= number:
            row.append("")
        left = len(row)
        if left + across > MOST_WIDTH:
            raise FileProblem(
                gettext_noop("The table has more than %(most)d columns."),
                remedy=gettext_noop("Send only the columns that are meant for the layer."),
                most=MOST_WIDTH,
            )
        row.extend([text, *[""] * (across - 1)])
        if across > 1 or down > 1:
            self.merges.append(Merge(number, left, number + down - 1, left + across - 1))
        if down > 1:
            for column in range(left, left + across):
                self._reaching[column] = number + down - 1


class _Parser(HTMLParser):
    """Tables inside tables are tables of their own: pages are laid out with them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[HtmlTable] = []
        self._open: list[HtmlTable] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            table = HtmlTable()
            self.tables.append(table)
            self._open.append(table)
        elif tag in ("script", "style"):
            self._silent += 1
        elif self._open:
            self._inside(self._open[-1], tag, dict(attrs))

    def _inside(self, table: HtmlTable, tag: str, attrs: dict[str, str | None]) -> None:
        if tag == "tr":
            table.begin_row()
        elif tag in ("td", "th"):
            table.begin_cell(_span(attrs.get("colspan")), _span(attrs.get("rowspan")))
        elif tag == "br":
            table.say("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = max(self._silent - 1, 0)
        elif tag in ("td", "th", "tr") and self._open:
            self._open[-1].end_cell()
        elif tag == "table" and self._open:
            self._open.pop().end_cell()

    def handle_data(self, data: str) -> None:
        if self._open and not self._silent:
            self._open[-1].say(data)

    def close(self) -> None:
        super().close()
        for table in self._open:
            table.end_cell()


def _span(text: str | None) -> int:
    """What a browser makes of it: at least one cell.

    >>> _span("2"), _span("0"), _span("many"), _span(None)
    (2, 1, 1, 1)
    """
    number = text.strip() if text else ""
    return min(max(int(number), 1), MOST_SPAN) if number.isdecimal() and len(number) < 6 else 1
