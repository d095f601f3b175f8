"""A zipped Shapefile: parts anywhere in the archive, Chinese names, any encoding, maybe no .prj."""

import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from importers.phrases import gettext_noop
from importers.readers import archive
from importers.readers.dbase import Table, read_table
from importers.readers.ogr import Opened, opened
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

ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
PARTS = ("shp", "shx", "dbf", "prj", "cpg")
REQUIRED_PARTS = ("shp", "shx", "dbf")
NAME_BYTES = 10
SHP_HEADER_BYTES = 100
Parts = dict[str, archive.Member]


class ZippedShapefileReader:
    name = "Zipped Shapefile"
    drivers = ("ESRI Shapefile",)

    def detect(self, head: bytes, path: Path) -> bool:
        del path
        return head.startswith(ZIP_MAGICS)

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        shp = _unpacked(request)
        table = read_table(shp.with_suffix(".dbf"))
        _require_whole(shp, table)
        cpg = shp.with_suffix(".cpg")
        encoding = encoding_of(table, cpg.read_text("latin-1") if cpg.exists() else None)
        # OGR must not see the .cpg: the carrier encoding is the only one it may apply.
        cpg.unlink(missing_ok=True)
        with opened(shp, encoding=CARRIER) as layer:
            names = _column_names(layer, encoding)
            yield Source(
                self._description(shp, table, layer, names, encoding),
                (_decoded_batch(batch, names, encoding) for batch in layer.batches),
            )

    def _description(
        self, shp: Path, table: Table, layer: Opened, names: list[str], encoding: Encoding
    ) -> SourceDescription:
        has_prj = shp.with_suffix(".prj").exists()
        return SourceDescription(
            format=self.name,
            columns=tuple(
                Column(name, each.type) for name, each in zip(names, layer.columns, strict=True)
            ),
            geometry_type=layer.geometry_type,
            crs=_prj_text(shp) if has_prj else None,
            crs_stated=has_prj,
            encoding=encoding.title,
            encoding_why=encoding.why,
            rows=table.records,
            names_cut=NAME_BYTES,
            notes=encoding.notes(),
        )


def _prj_text(shp: Path) -> str | None:
    return shp.with_suffix(".prj").read_text("utf-8", errors="replace").strip() or None


def _unpacked(request: Request) -> Path:
    """The parts of the one Shapefile (or the one asked for), as scratch/source.*"""
    try:
        with zipfile.ZipFile(request.path) as opened_archive:
            parts = _chosen_parts(archive.members(opened_archive), request.table)
            for extension, member in parts.items():
                archive.extract(opened_archive, member, request.scratch / f"source.{extension}")
    except zipfile.BadZipFile as error:
        raise FileProblem(
            gettext_noop("The archive is damaged or cut short: %(reason)s"),
            remedy=gettext_noop("Zip or copy it again."),
            reason=str(error),
        ) from error
    return request.scratch / "source.shp"


def _chosen_parts(found: list[archive.Member], table: str | None) -> Parts:
    sets: dict[str, Parts] = {}
    for member in found:
        hidden = any(part.startswith((".", "__MACOSX")) for part in member.path.parts)
        extension = member.path.suffix.lower().removeprefix(".")
        if extension in PARTS and not hidden:
            stem = str(member.path.with_suffix("")).lower()
            sets.setdefault(stem, {})[extension] = member
    shapes = {stem: parts for stem, parts in sets.items() if "shp" in parts}
    if not shapes:
        raise FileProblem(
            gettext_noop("There is no .shp in the archive."),
            remedy=gettext_noop("Zip the .shp together with its .shx, .dbf and .prj."),
        )
    wanted = [
        parts
        for stem, parts in shapes.items()
        if table is None or table.lower() in {stem, stem.rsplit("/", 1)[-1]}
    ]
    if len(wanted) != 1:
        raise FileProblem(
            gettext_noop("The archive holds these Shapefiles: %(tables)s."),
            remedy=gettext_noop("Say which one with --table NAME."),
            tables=", ".join(str(parts["shp"].path.with_suffix("")) for parts in shapes.values()),
        )
    missing = [f".{part}" for part in REQUIRED_PARTS if part not in wanted[0]]
    if missing:
        raise FileProblem(
            gettext_noop("The Shapefile lacks its %(missing)s."),
            remedy=gettext_noop("Zip the .shp together with its .shx, .dbf and .prj."),
            missing=", ".join(missing),
        )
    return wanted[0]


def _require_whole(shp: Path, table: Table) -> None:
    """Each part must be as long as its header says, and all must have the same rows."""
    for path in (shp, shp.with_suffix(".shx")):
        with path.open("rb") as stream:
            head = stream.read(SHP_HEADER_BYTES)
        length = 2 * struct.unpack(">I", head[24:28])[0] if len(head) == SHP_HEADER_BYTES else None
        if length is None or path.stat().st_size < length:
            raise FileProblem(
                gettext_noop("The %(part)s is cut short."),
                remedy=gettext_noop("Export or copy the Shapefile again, all parts of it."),
                part=path.suffix,
            )
    shapes = (shp.with_suffix(".shx").stat().st_size - SHP_HEADER_BYTES) // 8
    if shapes != table.records:
        raise FileProblem(
            gettext_noop("The parts do not belong together: %(shapes)d shapes, %(rows)d rows."),
            remedy=gettext_noop("Export or copy the Shapefile again, all parts of it."),
            shapes=shapes,
            rows=table.records,
        )


def _column_names(layer: Opened, encoding: Encoding) -> list[str]:
    """Decoded, and told apart where two come out the same."""
    names: list[str] = []
    for each in layer.columns:
        name = _decoded_name(each.name, encoding)
        names.append(name if name not in names else f"{name}_{len(names)}")
    return names


def _decoded_name(carried: str, encoding: Encoding) -> str:
    """A name that is in no encoding stays as it was carried: it is only matched by a person."""
    try:
        return decode_mixed(carried.encode(CARRIER), encoding)
    except UnicodeDecodeError:
        return carried


def _decoded_batch(batch: pa.RecordBatch, names: list[str], encoding: Encoding) -> pa.RecordBatch:
    arrays: list[Any] = []
    failures: dict[int, list[str]] = {}
    for name, array in zip(names, batch.columns[:-1], strict=True):
        if not pa.types.is_string(array.type):
            arrays.append(array)
            continue
        values, failed = decode_column(array.to_pylist(), encoding)
        arrays.append(pa.array(values, pa.string()))
        for row in failed:
            failures.setdefault(row, []).append(name)
    unreadable = [
        ", ".join(failures[row]) if row in failures else None for row in range(len(batch))
    ]
    return pa.RecordBatch.from_arrays(
        [*arrays, batch.columns[-1], pa.array(unreadable, pa.string())],
        names=[*names, GEOMETRY_COLUMN, UNREADABLE_COLUMN],
    )
