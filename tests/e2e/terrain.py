"""A raster of the browser tests' scene: invented hills over the places of scene.py."""

import tempfile
from pathlib import Path

import numpy as np

from importers.rasters.importing import RasterOptions, import_raster
from importers.rasters.registering import Card
from layers.models import Division, RasterKind, User
from tests.importers.rasters import files

HEIGHTS = "huayuan-heights"
SIDE = 700


def show_heights(actor: User) -> None:
    row, column = np.mgrid[0:SIDE, 0:SIDE]
    hills = 500 + 130 * np.sin(column / 43 + np.cos(row / 61)) + 90 * np.cos(row / 37)
    card = Card(
        name=HEIGHTS,
        title="花垣县高程",
        kind=RasterKind.ELEVATION,
        division=Division.objects.get(pk="433124000000"),
        source="演示数据",
    )
    with tempfile.TemporaryDirectory() as folder:
        path = files.raster(Path(folder) / "dem.tif", hills.astype("float32"))
        import_raster(actor=actor, path=path, card=card, options=RasterOptions())
