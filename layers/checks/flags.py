"""Features whose attributes, each by itself, break what the registry says of them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from psycopg2 import sql

from layers.checks.rows import query, rows_of
from layers.checks.specification import Subject
from layers.checks.window import Window
from layers.editing.rows import GEOMETRY
from layers.registry.specification import Layer


class Flag(NamedTuple):
    """A field of a feature that met its condition, and its value as text."""

    subject: Subject
    field: str
    value: str


def flagged(
    layer: Layer, window: Window, conditions: Mapping[str, sql.Composable]
) -> Iterator[Flag]:
    """Conditions by field, on `t`: one pass over the window for all of them."""
    if not conditions:
        return
    names = list(conditions)
    found = sql.SQL(", ").join(
        sql.SQL("CASE WHEN {} THEN coalesce({}::text, '') END").format(
            conditions[name], sql.Identifier("t", name)
        )
        for name in names
    )
    statement = query(
        "flagged",
        table=sql.Identifier(layer.table),
        window=window.condition("t"),
        found=found,
        any=sql.SQL(" OR ").join(sql.SQL("({})").format(each) for each in conditions.values()),
    )
    for feature_id, version, geom, values in rows_of(statement):
        subject = Subject(feature_id, version, {GEOMETRY: geom})
        for name, value in zip(names, values, strict=True):
            if value is not None:
                yield Flag(subject, name, value)
