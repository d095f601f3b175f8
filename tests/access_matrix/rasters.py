"""A raster of the scene: one tile of heights over its place."""

import uuid

import numpy as np
import rasterio
from django.contrib.gis.geos import Polygon
from rasterio.transform import Affine

from layers.crs import CGCS2000
from layers.models import User
from layers.models.raster import RASTER_FOLDER, Raster, RasterKind
from tiles.coordinates import Tile
from tiles.rasters.grid import TILE, pixel_size, tile_box

ZOOM = 14


def show(actor: User, division: str, at: tuple[float, float], tile: Tile) -> str:
    """The name of a new raster that fills the tile; the place lies in it."""
    name = f"dem-{uuid.uuid4().hex[:8]}"
    raster = Raster(
        name=name,
        title="高程",
        kind=RasterKind.ELEVATION,
        division_id=division,
        file=f"{RASTER_FOLDER}/{name}/{'0' * 64}.tif",
        sha256="0" * 64,
        size=1,
        bounds=Polygon.from_bbox((at[0] - 1e-3, at[1] - 1e-3, at[0] + 1e-3, at[1] + 1e-3)),
        min_zoom=ZOOM,
        max_zoom=ZOOM,
        bands=1,
        dtype="float32",
        statistics=[{"min": 0, "max": 500, "low": 0, "high": 500}],
        resolution_m=9.5,
        source_datum="EPSG:4490",
        created_by=actor,
    )
    raster.bounds.srid = CGCS2000
    raster.path.parent.mkdir(parents=True)
    _write(raster, tile)
    raster.save()
    return name


def _write(raster: Raster, tile: Tile) -> None:
    size, box = pixel_size(tile.z), tile_box(tile)
    profile = {"driver": "GTiff", "width": TILE, "height": TILE, "count": 1, "dtype": "float32"}
    place = {"crs": "EPSG:3857", "transform": Affine(size, 0, box.west, 0, -size, box.north)}
    with rasterio.open(raster.path, "w", tiled=True, **profile, **place) as sink:
        sink.write(np.full((1, TILE, TILE), 250, "float32"))
