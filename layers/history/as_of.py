"""A layer as it was at a past moment, as an SQL relation to read in place of the table."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.utils.timezone import is_naive
from psycopg2 import sql

from layers.crs import WEB_MERCATOR
from layers.registry.specification import Layer
from layers.sql_files import packaged_sql

SQL = Path(__file__).parent / "sql"

MADE_ANEW = {
    "id": sql.SQL("since.id"),
    "county": sql.SQL('left(r.division, 6)::varchar(6) COLLATE "C"'),
    "geom_3857": sql.SQL("ST_Transform(r.geom, {})").format(sql.Literal(WEB_MERCATOR)),
    "morton": sql.SQL("layers_morton(r.geom)"),
}
"""The generated columns of Feature once more: a row made from the journal has none of its own."""


def relation_at(layer: Layer, moment: datetime) -> sql.Composable:
    """A parenthesised relation with the layer table's columns: `FROM {relation} AS …`.

    Its rows are those that an edit received at or before `moment` left behind, with the version,
    values, changeset and times of then. Conditions on it reach the table's indexes for the rows
    not edited since. Upkeep state and due day are derived, not journalled: they are as of now.
    Raises ValueError for a moment without a time zone.
    """
    return _composed("as_of", layer, moment, plain=_joined(map(_plain, _columns(layer))))


def difference_at(layer: Layer, moment: datetime) -> sql.Composable:
    """A parenthesised relation of (change, division, county, morton, upkeep_state).

    The layer of `moment` is the layer of now and these rows: -1 takes one away, 1 adds one. For
    who has counted what is there now. Raises ValueError for a moment without a time zone.
    """
    return _composed("difference", layer, moment)


def _composed(name: str, layer: Layer, moment: datetime, **parts: sql.Composable) -> sql.Composable:
    if is_naive(moment):
        raise ValueError("A past state is asked for by a moment with its time zone.")
    usual = {
        "table": sql.Identifier(layer.table),
        "layer": sql.Literal(layer.name),
        "moment": sql.Literal(moment),
    }
    edited = sql.SQL(packaged_sql("as_of_edited", SQL)).format(
        **usual, rebuilt=_joined(map(_rebuilt, _columns(layer)))
    )
    return sql.SQL(packaged_sql(name, SQL)).format(**usual, edited=edited, **parts)


def _columns(layer: Layer) -> list[str]:
    return [str(each.column) for each in layer.model._meta.concrete_fields]


def _joined(columns: Iterable[sql.Composable]) -> sql.Composable:
    return sql.SQL(", ").join(columns)


def _plain(column: str) -> sql.Composable:
    return sql.Identifier("t", column)


def _rebuilt(column: str) -> sql.Composable:
    if column not in MADE_ANEW:
        return sql.Identifier("r", column)
    return sql.SQL("{} AS {}").format(MADE_ANEW[column], sql.Identifier(column))
