"""How many features there are, by upkeep state, within a reader's scope."""

from django.contrib.gis.geos import Polygon
from django.db import connection
from psycopg2 import sql

from layers.access.policy import Scope
from layers.crs import CGCS2000, WEB_MERCATOR
from layers.divisions import Bounds
from layers.models.feature import UpkeepState
from layers.registry.specification import Layer

StateCounts = dict[str, int]


def state_counts(layer: Layer, scope: Scope, bounds: Bounds | None = None) -> StateCounts:
    """Features by upkeep state. Without bounds one index-only scan of (division, upkeep_state)."""
    condition, values = scope.sql()
    if bounds is not None:
        box = Polygon.from_bbox(bounds)
        box.srid = CGCS2000
        # The box is transformed, not the rows, so that the index on them serves; and by the
        # database: setting up GDAL's own transformation costs tens of milliseconds each time.
        condition += f" AND geom_3857 && ST_Transform(%s::geometry, {WEB_MERCATOR})"
        values = [*values, box.hexewkb.decode()]
    statement = sql.SQL(
        "SELECT upkeep_state, count(*) FROM {table} WHERE {condition} GROUP BY upkeep_state"
    ).format(table=sql.Identifier(layer.table), condition=sql.SQL(condition))
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        counted = dict(cursor.fetchall())
    return {state.value: counted.get(state.value, 0) for state in UpkeepState}
