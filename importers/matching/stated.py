"""What a person says of columns: on the command line or on the page. It goes before everything."""

from collections.abc import Mapping, Sequence

from importers.matching.abbreviations import names_of
from importers.matching.names import plain
from importers.phrases import gettext_noop, said
from layers.errors import Rejected
from layers.registry import Field, Layer

CONSTANT = "="
"""Before a label instead of a column: every row has this value ("=户厕")."""


def is_constant(column: str, columns: Sequence[str]) -> bool:
    return column.startswith(CONSTANT) and column not in columns


def resolved(layer: Layer, columns: Sequence[str], stated: Mapping[str, str]) -> dict[str, str]:
    """Field name to column; an empty column leaves a field out.

    Raises Rejected where a field or a column is not there, or a column is named twice.
    """
    found: dict[str, str] = {}
    for wanted, column in stated.items():
        field = _field_named(layer, wanted)
        if field is None or field.readonly:
            raise _rejected(
                gettext_noop("This layer has no field “%(name)s”. Its fields: %(names)s"),
                name=wanted,
                names=", ".join(f"{each.name} ({each.label})" for each in layer.fields),
            )
        if column and column not in columns and not is_constant(column, columns):
            raise _rejected(
                gettext_noop("The file has no column “%(name)s”. Its columns: %(names)s"),
                name=column,
                names=", ".join(columns),
            )
        if column in columns and column in found.values():
            raise _rejected(
                gettext_noop("Column “%(name)s” is named twice. Fields: %(names)s"),
                name=column,
                names=field.name,
            )
        found[field.name] = column
    return found


def _field_named(layer: Layer, wanted: str) -> Field | None:
    """By its name or a label; aliases of two layers' fields may be the same word."""
    return next(
        (each for each in layer.fields if plain(wanted) in map(plain, names_of(each)[:3])), None
    )


def _rejected(text: str, *, name: str, names: str) -> Rejected:
    remedy = said(gettext_noop("Name another field or column."))
    detail = {"control": "columns"}
    return Rejected(str(said(text, name=name, names=names)), remedy=str(remedy), detail=detail)
