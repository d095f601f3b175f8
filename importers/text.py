"""Which encoding the text of a .dbf is in, and decoding it with nothing lost silently.

OGR is told ISO-8859-1, under which every byte survives as one character; the real decoding is done
here, strictly. OGR's own would replace what it cannot decode, and depends on the platform's iconv.
"""

import codecs
from collections.abc import Iterable
from dataclasses import dataclass

from importers.phrases import gettext_noop
from importers.readers.dbase import Table

CARRIER = "ISO-8859-1"
SEPARATOR = "\n"
"""No byte of a multi-byte character in UTF-8 or GB18030, so whole columns decode at once."""

CHINESE_WINDOWS = "gb18030"
"""A superset of GBK (code page 936) and GB 2312."""
_GB = {"gbk", "gb2312", "cp936", "936", "gb18030", "hz"}

LDID_ENCODINGS = {0x4D: "gb18030", 0x4F: "cp950", 0x78: "cp950", 0x7A: "gb18030"}
LONGEST_CUT = 3


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec name, and an English text saying why it was taken, with parameters."""

    name: str
    why: str
    cpg_refuted: str = ""


def named_codec(text: str) -> str | None:
    """The codec a .cpg names: "UTF-8", "GBK", "936", "ANSI 936"; None for anything else."""
    name = text.strip().strip("\ufeff").lower().removeprefix("ansi").strip(" _-")
    if name in _GB:
        return CHINESE_WINDOWS
    if name == "65001":
        return "utf-8"
    if name.isdecimal():
        name = f"cp{name}"
    try:
        return codecs.lookup(name).name if name.isascii() and name else None
    except LookupError:
        return None


def encoding_of(table: Table, cpg: str | None) -> Encoding:
    """.cpg where it names an encoding the text is in; else strict UTF-8; else by LDID or GB18030.

    A language driver id is weaker than the bytes: exporters leave 0 or their own machine's.
    """
    samples = [*(name for name in table.names if not name.isascii())]
    named = named_codec(cpg) if cpg else None
    if named and _fits(samples, table.text_values(), named):
        return Encoding(named, gettext_noop("named by the .cpg"))
    refuted = (cpg or "").strip()[:20]
    if _fits(samples, table.text_values(), "utf-8"):
        return Encoding("utf-8", gettext_noop("all text is strict UTF-8"), refuted)
    by_id = LDID_ENCODINGS.get(table.ldid)
    if by_id and _fits(samples, table.text_values(), by_id):
        return Encoding(by_id, gettext_noop("not UTF-8; named by the .dbf (LDID)"), refuted)
    return Encoding(
        CHINESE_WINDOWS, gettext_noop("not UTF-8, so that of Windows in China"), refuted
    )


def _fits(names: Iterable[bytes], values: Iterable[bytes], encoding: str) -> bool:
    return all(decoded(each, encoding) is not None for each in (*names,)) and all(
        decoded(each, encoding) is not None for each in values
    )


def decoded(raw: bytes, encoding: str) -> str | None:
    """The text, without a last character that the column end cut in two; None if undecodable."""
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        if error.start < len(raw) - LONGEST_CUT or error.end != len(raw) or error.start == 0:
            return None
        try:
            return raw[: error.start].decode(encoding)
        except UnicodeDecodeError:
            return None


def decode_column(carried: list[str | None], encoding: str) -> tuple[list[str | None], list[int]]:
    """A column as OGR carried it, decoded; and the rows whose value is in no such encoding."""
    joined = SEPARATOR.join(value or "" for value in carried)
    if joined.isascii():
        return carried, []
    try:
        parts = joined.encode(CARRIER).decode(encoding).split(SEPARATOR)
        if len(parts) == len(carried):
            return [p if v is not None else None for p, v in zip(parts, carried, strict=True)], []
    except UnicodeDecodeError:
        # One value or more is cut or wrong: find out which, one at a time.
        parts = []
    return _one_by_one(carried, encoding)


def _one_by_one(carried: list[str | None], encoding: str) -> tuple[list[str | None], list[int]]:
    values: list[str | None] = []
    failed: list[int] = []
    for row, value in enumerate(carried):
        if value is None or value.isascii():
            values.append(value)
            continue
        raw = value.encode(CARRIER)
        text = decoded(raw, encoding)
        if text is None:
            failed.append(row)
            text = raw.decode(encoding, errors="replace")
        values.append(text)
    return values, failed
