"""Made-up deliveries: places all over some counties, written in any datum."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import shapely

from importers.places.datums import Ordinates, named_datum
from importers.readers.specification import GEOMETRY_COLUMN, Column, SourceDescription
from layers.divisions import CountyLocator

HUAYUAN, FENGHUANG = "433124000000", "433123000000"
XIANGTAN = "430321000000"


def places_in(
    locator: CountyLocator, counties: Sequence[str], count: int, seed: int = 7
) -> tuple[Ordinates, list[str]]:
    """Degrees spread evenly over the counties, and the county of each place."""
    generator = np.random.default_rng(seed)
    polygons = [locator.polygons[np.flatnonzero(locator.codes == code)[0]] for code in counties]
    west, south, east, north = shapely.total_bounds(polygons)
    spread = generator.uniform((west, south), (east, north), (60 * count, 2))
    found = locator.locate_ordinates(spread)
    rows = np.flatnonzero(np.isin(found, counties))[:count]
    return spread[rows], found[rows].tolist()


def written_in(datum: str, lonlat: Ordinates) -> Ordinates:
    return named_datum(datum, accuracy_m=1.0).from_degrees(lonlat)


def described(names: Sequence[str] = (), crs: str | None = None, **more) -> SourceDescription:
    return SourceDescription(
        format="test",
        columns=tuple(Column(name, "string") for name in names),
        geometry_type=None,
        crs=crs,
        crs_stated=more.pop("crs_stated", crs is not None),
        encoding="utf-8",
        encoding_why="",
        rows=None,
        **more,
    )


def batch(geometries=None, **columns) -> pa.RecordBatch:
    """`geometries` are shapely's, or an array of ordinates; without them the column is all null."""
    arrays = {name: pa.array(values) for name, values in columns.items()}
    if geometries is None:
        count = len(next(iter(arrays.values())))
        wkb = pa.nulls(count, pa.binary())
    else:
        if isinstance(geometries, np.ndarray) and geometries.dtype == float:
            geometries = shapely.points(geometries)
        shapes = np.array([*geometries, None], dtype=object)[:-1]
        wkb = pa.array(shapely.to_wkb(shapes).tolist(), pa.binary())
    return pa.record_batch({**arrays, GEOMETRY_COLUMN: wkb})
