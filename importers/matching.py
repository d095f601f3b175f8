"""Columns of a file to fields of a layer: by name, label, alias, and what a .dbf leaves of them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from importers.phrases import gettext_noop, said
from layers.errors import Rejected
from layers.registry import Field, Layer

_UNIT = re.compile(r"^(?P<name>.+?)[(\[](?P<unit>[^()\[\]]+)[)\]]$")
_NOISE = re.compile(r"[\s_\-.:：、*]+")
MADE_UP_LATER = ("code", "division")
"""Required, but filled in where the file has no such column."""


@dataclass(frozen=True, slots=True)
class Matches:
    """`columns`: field name to column name; `unmatched`: columns that go nowhere."""

    columns: Mapping[str, str]
    unmatched: tuple[str, ...]


def plain(text: str) -> str:
    """A name without what people vary: case, width, blanks, underscores, hyphens."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())


def candidates(field: Field) -> list[str]:
    """What a column of this field may be called, best first."""
    return [field.name, field.label.zh, field.label.en, *field.aliases]


def _column_key(field: Field, column: str) -> str:
    """The plain name; a unit in brackets must be the field's own (里程(公里) is not in 米)."""
    found = _UNIT.match(unicodedata.normalize("NFKC", column).strip())
    if not found:
        return plain(column)
    units = {plain(field.unit.zh), plain(field.unit.en)} if field.unit else set()
    return plain(found["name"]) if plain(found["unit"]) in units else plain(column)


def _cut(name: str, length: int, encoding: str) -> str:
    """What is left of a name after so many bytes (安置点名称及编码 → 安置点名称 in GBK)."""
    return plain(name.encode(encoding, "replace")[:length].decode(encoding, "ignore"))


def match(
    layer: Layer,
    columns: Iterable[str],
    *,
    stated: Mapping[str, str] | None = None,
    names_cut: int | None = None,
    encoding: str = "utf-8",
) -> Matches:
    """Raises Rejected: --map names no field or no column; a required field has no column."""
    free = list(columns)
    taken: dict[str, str] = {}
    settled = _stated(layer, free, stated or {})
    for name, column in settled.items():
        if column:
            taken[name] = column
            free.remove(column)
    fields = [field for field in layer.fields if field.name not in settled and not field.readonly]
    _match_whole(fields, free, taken)
    if names_cut:
        _match_cut([f for f in fields if f.name not in taken], free, taken, names_cut, encoding)
    _require(layer, taken, free)
    return Matches(taken, tuple(free))


def _match_whole(fields: list[Field], free: list[str], taken: dict[str, str]) -> None:
    """Every field's first choice before any field's second: no alias beats a label."""
    deepest = max((len(candidates(field)) for field in fields), default=0)
    for rank in range(deepest):
        for field in fields:
            names = candidates(field)
            if field.name in taken or rank >= len(names):
                continue
            wanted = plain(names[rank])
            column = next((each for each in free if _column_key(field, each) == wanted), None)
            if column is not None:
                taken[field.name] = column
                free.remove(column)


def _match_cut(
    fields: list[Field], free: list[str], taken: dict[str, str], length: int, encoding: str
) -> None:
    """A column that is the beginning of just one field's name."""
    for column in list(free):
        if len(column.encode(encoding, "replace")) < length - 2:
            continue
        found = [
            field
            for field in fields
            if field.name not in taken
            and plain(column) in {_cut(name, length, encoding) for name in candidates(field)}
        ]
        if len(found) == 1:
            taken[found[0].name] = column
            free.remove(column)


def _stated(layer: Layer, columns: list[str], stated: Mapping[str, str]) -> dict[str, str]:
    """--map, resolved; an empty column leaves a field out."""
    resolved: dict[str, str] = {}
    for wanted, column in stated.items():
        field = next(
            (each for each in layer.fields if plain(wanted) in map(plain, candidates(each)[:3])),
            None,
        )
        if field is None or field.readonly:
            raise _rejected(
                gettext_noop("--map: this layer has no field “%(name)s”. Its fields: %(names)s"),
                name=wanted,
                names=", ".join(f"{each.name} ({each.label})" for each in layer.fields),
            )
        if column and column not in columns:
            raise _rejected(
                gettext_noop("--map: the file has no column “%(name)s”. Its columns: %(names)s"),
                name=column,
                names=", ".join(columns),
            )
        if column and column in resolved.values():
            raise _rejected(
                gettext_noop("--map: column “%(name)s” is named twice. Fields: %(names)s"),
                name=column,
                names=field.name,
            )
        resolved[field.name] = column
    return resolved


def _require(layer: Layer, taken: Mapping[str, str], free: list[str]) -> None:
    lacking = [
        field
        for field in layer.fields
        if field.required and field.name not in taken and field.name not in MADE_UP_LATER
    ]
    if lacking:
        raise _rejected(
            gettext_noop("No column was found for: %(name)s. Columns left over: %(names)s"),
            name=", ".join(f"{field.name} ({field.label})" for field in lacking),
            names=", ".join(free) or "-",
        )


def _rejected(text: str, *, name: str, names: str) -> Rejected:
    remedy = said(gettext_noop("Name the column with --map FIELD=COLUMN."))
    return Rejected(str(said(text, name=name, names=names)), remedy=str(remedy))
