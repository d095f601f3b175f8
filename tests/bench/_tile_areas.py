"""Areas to draw tiles from: parcels that share their borders, dense where the points are dense."""

from collections.abc import Iterator

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction
from numpy.typing import NDArray

from layers.demonstration.accounts import seeder
from layers.models import Changeset
from layers.registry import LAYERS
from tests.tiles.areas import PLOTS, Plot, make_table

BENDS = 3
"""Halvings of an edge, each with a vertex beside it: a parcel has some fifty."""

BEND_SHARE = 0.12
"""How far such a vertex lies off, in lengths of its edge."""

LARGEST_DEG2 = 0.005
"""Some fifty square kilometres: what surrounds all points is no parcel."""

BATCH = 5_000
KINDS = ("paddy", "dry_land", "orchard", "forest")


def register() -> None:
    """The layer, for this process."""
    LAYERS[PLOTS.name] = PLOTS


def fill(wanted: int) -> None:
    """Make the table with so many areas, unless it is there."""
    if PLOTS.table in connection.introspection.table_names():
        return
    with transaction.atomic():
        make_table()
        changeset = Changeset.objects.create(
            kind=Changeset.Kind.DEMONSTRATION, author=seeder(), layer=PLOTS.name, reason="benchmark"
        )
        for batch in _rows(wanted, changeset):
            Plot.objects.bulk_create(batch)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {PLOTS.table}")
        cursor.execute(f"ANALYZE {PLOTS.table}_band")


def _rows(wanted: int, changeset: Changeset) -> Iterator[list[Plot]]:
    places, divisions = _seeds(wanted)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(places)))
    inside = shapely.STRtree(cells).query(shapely.points(places), predicate="within")
    division_of = dict(zip(inside[1], divisions[inside[0]], strict=True))
    rings = shapely.area(cells) < LARGEST_DEG2
    batch: list[Plot] = []
    for number in np.flatnonzero(rings):
        shape = shapely.Polygon(bent(shapely.get_coordinates(cells[number])))
        if number not in division_of or not shape.is_valid:
            continue
        batch.append(
            Plot(
                code=f"P{number}",
                division_id=division_of[number],
                changeset=changeset,
                kind=KINDS[number % len(KINDS)],
                geom=GEOSGeometry(memoryview(shapely.MultiPolygon([shape]).wkb), srid=4490),
            )
        )
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _seeds(wanted: int) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    """Places of every n-th point, each once, and their divisions."""
    points = LAYERS["toilets"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT ON (morton) ST_X(geom), ST_Y(geom), division FROM {points.table}"
            f" WHERE id %% greatest(1, (SELECT count(*) FROM {points.table}) / %s) = 0",
            [wanted],
        )
        rows = cursor.fetchall()
    return np.array([row[:2] for row in rows]), np.array([row[2] for row in rows])


def bent(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """A ring (n × 2, closed) with more vertices: the same ones from either side of an edge."""
    for _time in range(BENDS):
        first, second = ring[:-1], ring[1:]
        turned = (first[:, 0] > second[:, 0]) | (
            (first[:, 0] == second[:, 0]) & (first[:, 1] > second[:, 1])
        )
        low = np.where(turned[:, None], second, first)
        high = np.where(turned[:, None], first, second)
        along = high - low
        # Somewhere between -1 and 1, by the edge itself.
        chance = np.sin((low + high) @ (12_989.8, 78_233.0) * 43.7)
        across = np.column_stack((-along[:, 1], along[:, 0])) * (chance * BEND_SHARE)[:, None]
        between = (low + high) / 2 + across
        ring = np.concatenate((np.stack((first, between), 1).reshape(-1, 2), ring[-1:]))
    return ring
