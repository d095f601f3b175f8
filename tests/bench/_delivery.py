"""The same toilets as files of several formats, made in batches so that ten million fit."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyogrio
import shapely

from layers.divisions import HUNAN_BOUNDS, CountyLocator
from layers.models.code import CodeItem

BATCH = 100_000
GEOMETRY = "wkb_geometry"
CODED = {"类别": "toilet_category", "改厕类型": "toilet_type", "整改状态": "rectification"}
FIELDS = {
    "厕所编号": "code",
    "所属区划": "division",
    "类别": "category",
    "改厕类型": "toilet_type",
    "整改状态": "rectification",
    "村组": "village_group",
    "管护主体": "keeper",
    "建成日期": "completed_on",
    "厕屋面积": "room_area_m2",
    "有效容积": "tank_volume_m3",
}
"""Columns of the files, and the fields they are meant for."""


class Toilets:
    """`rows` toilets in the counties of Hunan, always the same; iterate for Arrow batches."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self._locator = CountyLocator()
        self._labels = {
            column: list(CodeItem.objects.filter(list_name=name).values_list("zh", flat=True))
            for column, name in CODED.items()
        }

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        random = np.random.default_rng(1)
        for start in range(0, self.rows, BATCH):
            yield self._batch(random, start, min(BATCH, self.rows - start))

    def _batch(self, random: np.random.Generator, start: int, count: int) -> pa.RecordBatch:
        points, counties = self._places(random, count)
        numbers = np.arange(start, start + count)
        days = (random.integers(0, 4000, count) + 16_000).astype("datetime64[D]")
        coded = {
            column: pa.array(random.choice(labels, count))
            for column, labels in self._labels.items()
        }
        groups = random.integers(1, 30, count)
        columns = {
            "厕所编号": [
                f"T{county[:6]}-{n:09}" for county, n in zip(counties, numbers, strict=True)
            ],
            "所属区划": counties,
            **coded,
            "村组": [f"{group}组" for group in groups],
            "管护主体": [f"第{group}村民小组" for group in groups],
            "建成日期": days,
            "厕屋面积": random.integers(200, 900, count) / 100,
            "有效容积": random.integers(100, 300, count) / 100,
            GEOMETRY: pa.array(shapely.to_wkb(points), pa.binary()),
        }
        arrays = {name: pa.array(values) for name, values in columns.items()}
        return pa.RecordBatch.from_pydict(arrays)

    def _places(self, random: np.random.Generator, count: int) -> "tuple[np.ndarray, np.ndarray]":
        box = HUNAN_BOUNDS
        points: list[np.ndarray] = []
        counties: list[np.ndarray] = []
        while sum(map(len, points)) < count:
            x = random.uniform(box.west, box.east, count).round(8)
            y = random.uniform(box.south, box.north, count).round(8)
            tried = shapely.points(x, y)
            found = self._locator.locate(tried)
            points.append(tried[found != ""])
            counties.append(found[found != ""])
        return np.concatenate(points)[:count], np.concatenate(counties)[:count]


def write(toilets: Toilets, path: Path) -> Path:
    """The file in the format of the suffix: .gpkg, .shp (then zipped without compression, in GBK
    with a .cpg that says so), .geojson, .csv. Returns the file to deliver."""
    if path.suffix == ".csv":
        return _write_csv(toilets, path)
    batches = iter(toilets)
    first = next(batches)
    reader = pa.RecordBatchReader.from_batches(first.schema, _chained(first, batches))
    options = {"encoding": "GBK"} if path.suffix == ".shp" else {}
    pyogrio.write_arrow(
        reader, path, layer=path.stem, geometry_name=GEOMETRY, geometry_type="Point",
        crs="EPSG:4490", **options,
    )  # fmt: skip
    return _zipped(path) if path.suffix == ".shp" else path


def _chained(first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from rest


def _zipped(shp: Path) -> Path:
    target = shp.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
            archive.write(shp.with_suffix(suffix), f"{shp.stem}{suffix}")
    return target


def _write_csv(toilets: Toilets, path: Path) -> Path:
    with path.open("wb") as stream:
        stream.write(b"\xef\xbb\xbf")
        for number, batch in enumerate(toilets):
            xy = shapely.get_coordinates(shapely.from_wkb(batch.column(GEOMETRY).to_numpy(False)))
            table = batch.drop_columns([GEOMETRY])
            table = table.append_column("经度", pa.array(xy[:, 0]))
            table = table.append_column("纬度", pa.array(xy[:, 1]))
            pyarrow.csv.write_csv(
                table, stream, pyarrow.csv.WriteOptions(include_header=not number)
            )
    return path
