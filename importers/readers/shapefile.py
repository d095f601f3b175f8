"""A Shapefile: parts beside each other, Chinese names, any encoding, maybe no .prj."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from importers.phrases import gettext_noop
from importers.readers.dbase import Table, read_table
from importers.readers.ogr import Opened, is_harmless, opened
from importers.readers.plain import Failures, told_apart
from importers.readers.shapes_index import read_index
from importers.readers.specification import (
    GEOMETRY_COLUMN,
    UNREADABLE_COLUMN,
    Column,
    FileProblem,
    Request,
    Source,
    SourceDescription,
)
from importers.text import CARRIER, Encoding, decode_column, decode_mixed, encoding_of

MAGIC = b"\x00\x00\x27\x0a"
"""File code 9994 (ESRI Shapefile Technical Description, table 1)."""
PARTS = ("shp", "shx", "dbf", "prj", "cpg")
REQUIRED_PARTS = ("shp", "shx", "dbf")
NAME_BYTES = 10


class ShapefileReader:
    name = "Shapefile"
    drivers = ("ESRI Shapefile",)

    def detect(self, head: bytes, path: Path) -> bool:
        return head.startswith(MAGIC) and path.suffix.lower() == ".shp"

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        shp = _gathered(request)
        table = read_table(shp.with_suffix(".dbf"))
        index = read_index(shp)
        index.require(table)
        cpg = shp.with_suffix(".cpg")
        encoding = encoding_of(table, cpg.read_text("latin-1") if cpg.exists() else None)
        with opened(shp, encoding=CARRIER, count=False) as layer:
            names = _column_names(layer, encoding)
            batches = (_decoded_batch(batch, names, encoding) for batch in layer.batches)
            yield Source(
                self._description(shp, table, layer, names, encoding),
                index.watched(batches, table.kept()),
            )

    def _description(
        self, shp: Path, table: Table, layer: Opened, names: list[str], encoding: Encoding
    ) -> SourceDescription:
        prj = _prj_text(shp)
        return SourceDescription(
            format=self.name,
            columns=tuple(
                Column(name, each.type) for name, each in zip(names, layer.columns, strict=True)
            ),
            geometry_type=layer.geometry_type,
            crs=prj,
            crs_stated=prj is not None,
            encoding=encoding.title,
            encoding_why=encoding.why,
            rows=table.records,
            names_cut=NAME_BYTES,
            notes=encoding.notes(),
        )


def _gathered(request: Request) -> Path:
    """The .shp, its parts beside it under the names that OGR looks for.

    They are copied where they are called otherwise: in capitals, or with signs that mean something
    to pyogrio. Raises FileProblem where one is missing.
    """
    found = {part: path for part in PARTS if (path := _beside(request.path, part)) is not None}
    missing = [f".{part}" for part in REQUIRED_PARTS if part not in found]
    if missing:
        raise FileProblem(
            gettext_noop("The Shapefile lacks its %(missing)s."),
            remedy=gettext_noop("Send the .shp together with its .shx, .dbf and .prj."),
            missing=", ".join(missing),
        )
    if all(is_harmless(found[part], f".{part}") for part in PARTS if part in found):
        return request.path
    shp = request.scratch / "delivered.shp"
    for part in PARTS:
        if part in found:
            shutil.copyfile(found[part], shp.with_suffix(f".{part}"))
    return shp


def _beside(shp: Path, part: str) -> Path | None:
    """Tried by name, since the folder around a loose .shp cannot be listed in the box."""
    for suffix in (part, part.upper(), part.capitalize()):
        path = shp.with_suffix(f".{suffix}")
        if path.exists():
            return path
    return None


def _prj_text(shp: Path) -> str | None:
    prj = shp.with_suffix(".prj")
    if not prj.exists():
        return None
    return prj.read_text("utf-8", errors="replace").strip("\ufeff\x00 \r\n\t") or None


def _column_names(layer: Opened, encoding: Encoding) -> list[str]:
    return told_apart([_decoded_name(each.name, encoding) for each in layer.columns])


def _decoded_name(carried: str, encoding: Encoding) -> str:
    """A name that is in no encoding stays as it was carried: only a person can match it."""
    try:
        return decode_mixed(carried.encode(CARRIER), encoding)
    except UnicodeDecodeError:
        return carried


def _decoded_batch(batch: pa.RecordBatch, names: list[str], encoding: Encoding) -> pa.RecordBatch:
    arrays: list[Any] = []
    failures = Failures(batch.num_rows)
    for name, array in zip(names, batch.columns, strict=False):
        if pa.types.is_string(array.type):
            array, failed = decode_column(array, encoding)
            failures.add(name, failed)
        arrays.append(array)
    return pa.RecordBatch.from_arrays(
        [*arrays, batch.column(GEOMETRY_COLUMN), failures.column()],
        names=[*names, GEOMETRY_COLUMN, UNREADABLE_COLUMN],
    )
