"""A layer as it was at a past moment, as an SQL relation to read in place of the table."""

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
    if is_naive(moment):
        raise ValueError("A past state is asked for by a moment with its time zone.")
    columns = [str(each.column) for each in layer.model._meta.concrete_fields]
    return sql.SQL(packaged_sql("as_of", SQL)).format(
        table=sql.Identifier(layer.table),
        layer=sql.Literal(layer.name),
        moment=sql.Literal(moment),
        plain=sql.SQL(", ").join(sql.Identifier("t", name) for name in columns),
        rebuilt=sql.SQL(", ").join(map(_rebuilt, columns)),
    )


def _rebuilt(column: str) -> sql.Composable:
    if column not in MADE_ANEW:
        return sql.Identifier("r", column)
    return sql.SQL("{} AS {}").format(MADE_ANEW[column], sql.Identifier(column))
