"""What the OGR-backed readers share: opening a file under a harmless name, handing on batches.

pyogrio is imported where it reads: every process of the service knows the readers, hardly one
reads with them, and pyogrio brings pandas, half the time that the service takes to start.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from importers.phrases import gettext_noop
from importers.readers.plain import plain_columns, with_geometry
from importers.readers.specification import BATCH_ROWS, Column, FileProblem, Request

LONGEST_OBJECT_MB = 64
GDAL_OPTIONS: dict[str, str | bool | int] = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "CPL_CURL_ENABLE_VSIMEM": "NO",
    "GDAL_HTTP_MAX_RETRY": 0,
    "OGR_GPKG_NUM_THREADS": 1,
    "OGR_GEOJSON_MAX_OBJ_SIZE": LONGEST_OBJECT_MB,
    # Dates stay text: OGR's guess would turn "2020/5/1" and "20200501" into different types.
    "OGR_GEOJSON_DATE_AS_STRING": "YES",
    "OGR_GEOJSON_ARRAY_AS_STRING": "YES",
    # The driver's own stream hands on a broken batch where the last row of one has no place.
    "OGR_FLATGEOBUF_STREAM_BASE_IMPL": "YES",
    # A batch ends before its shapes fill the memory.
    "OGR_ARROW_MEM_LIMIT": 64 << 20,
}
_HARMLESS = re.compile(r"/(?!vsi)[\w/ .()+,=@-]*")
"""A path that pyogrio takes for a path: not for an address, an archive (a!b) or a query (a?b)."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A layer as OGR sees it; `batches` have plain columns and the geometry as WKB, see plain."""

    columns: tuple[Column, ...]
    geometry_type: str | None
    crs: str | None
    rows: int | None
    batches: Iterator[Any]


def harmless(request: Request, extension: str) -> Path:
    """The delivered file under a name that only its content decides about.

    Drivers go by extensions and pyogrio by punctuation: a file that is not called as its content
    is (a GeoJSON called .zip) is copied to the scratch folder under a name of our own.
    """
    path = request.path
    if is_harmless(path, extension):
        return path
    target = request.scratch / f"delivered{extension}"
    if path.is_dir():
        shutil.copytree(path, target)
    else:
        shutil.copyfile(path, target)
    return target


def is_harmless(path: Path, extension: str) -> bool:
    return path.suffix == extension and _HARMLESS.fullmatch(str(path)) is not None


def tables_in(path: Path) -> tuple[str, ...]:
    """The names of its layers. Raises FileProblem."""
    import pyogrio

    with _explained(path):
        pyogrio.set_gdal_config_options(GDAL_OPTIONS)
        return tuple(str(name) for name, _geometry in pyogrio.list_layers(path))


@contextmanager
def opened(
    path: Path,
    *,
    table: str | None = None,
    encoding: str | None = None,
    count: bool = True,
    expected: int | None = None,
    **options: Any,
) -> Iterator[Opened]:
    """Raises FileProblem with GDAL's own words where it cannot read on.

    Without `count` the number of rows is not asked for: some drivers read the whole file for it.
    `expected` is that number where it is known. Fewer rows than that are a problem.
    """
    import pyogrio

    asked = {"layer": table, "encoding": encoding, **options}
    with ExitStack() as open_until_the_end:
        with _explained(path):
            pyogrio.set_gdal_config_options(GDAL_OPTIONS)
            rows = -1 if expected is None else expected
            if count and expected is None:
                rows = int(pyogrio.read_info(path, **asked)["features"])
            meta, reader = open_until_the_end.enter_context(
                pyogrio.open_arrow(path, batch_size=BATCH_ROWS, use_pyarrow=True, **asked)
            )
            schema = reader.schema
        geometry = meta["geometry_name"] or "wkb_geometry"
        yield Opened(
            plain_columns(schema, [geometry]),
            meta["geometry_type"],
            meta["crs"],
            rows if rows >= 0 else None,
            _batches(path, reader, geometry, rows),
        )


def _batches(path: Path, reader: Any, geometry: str, expected: int) -> Iterator[Any]:
    """Raises FileProblem where rows are missing: drivers step over damage with a mere warning."""
    read = 0
    with _explained(path):
        for batch in reader:
            read += batch.num_rows
            yield with_geometry(batch, geometry)
    if read < expected:
        raise FileProblem(
            gettext_noop("Of %(expected)d rows only %(read)d can be read."),
            remedy=gettext_noop("It may be damaged or cut short: export it again."),
            expected=expected,
            read=read,
        )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        yield
    # pyogrio slips over sources that open and then have no layer, or no readable .prj.
    except (
        DataSourceError,
        DataLayerError,
        pa.ArrowException,
        OSError,
        ValueError,
        IndexError,
        NameError,
    ) as error:
        if "OGR_GEOJSON_MAX_OBJ_SIZE" in str(error):
            raise FileProblem(
                gettext_noop("One element of the file holds more than %(megabytes)d MB of text."),
                remedy=gettext_noop("Simplify or split that feature."),
                megabytes=LONGEST_OBJECT_MB,
            ) from error
        raise FileProblem(
            gettext_noop("The file cannot be read: %(reason)s"),
            remedy=gettext_noop("It may be damaged or cut short: export it again."),
            reason=str(error).replace(str(path), path.name),
        ) from error
