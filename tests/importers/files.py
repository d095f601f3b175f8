"""Files as they come: written by the tests themselves."""

import zipfile
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
from shapely import Geometry, Point

CHECK_PLACE = Point(111.5, 27.5)
CHECK_ORDINATES = Point(37_549_406.431, 3_043_133.573)
"""The same place in EPSG:4525 (domain.md, coordinates)."""
HUAYUAN = Point(109.48, 28.57)
"""In 花垣县 433124."""

SITE = {"安置点名称": "十八洞安置点", "安置方式": "城镇安置", "安置户数": 10, "安置人数": 42}


def frame(
    rows: list[dict[str, Any]], places: list[Geometry | None], epsg: int | None
) -> geopandas.GeoDataFrame:
    crs = f"EPSG:{epsg}" if epsg else None
    return geopandas.GeoDataFrame(rows, geometry=places, crs=crs)


def geopackage(
    path: Path, rows: list[dict[str, Any]], places: list[Geometry | None], epsg: int | None = 4490
) -> Path:
    pyogrio.write_dataframe(frame(rows, places, epsg), path, driver="GPKG", layer="rows")
    return path


def shapefile(
    folder: Path,
    rows: list[dict[str, Any]],
    places: list[Geometry | None],
    *,
    epsg: int | None = 4525,
    encoding: str = "GBK",
    without: tuple[str, ...] = ("cpg",),
) -> Path:
    """The .shp of a Shapefile with no .cpg and a language driver id of 0."""
    folder.mkdir(exist_ok=True, parents=True)
    shp = folder / "sites.shp"
    pyogrio.write_dataframe(frame(rows, places, epsg), shp, encoding=encoding)
    for part in without:
        shp.with_suffix(f".{part}").unlink()
    dbf = shp.with_suffix(".dbf")
    data = bytearray(dbf.read_bytes())
    data[29] = 0
    dbf.write_bytes(data)
    return shp


def zipped(shp: Path, target: Path, *, more: dict[str, bytes] | None = None) -> Path:
    """All parts in a sub-folder; names in GBK without the UTF-8 flag, as Windows writes them."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(shp.parent.glob(f"{shp.stem}.*")):
            archive.writestr(
                _GbkInfo(f"数据/安置点{part.suffix}"), part.read_bytes(), zipfile.ZIP_DEFLATED
            )
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return target


class _GbkInfo(zipfile.ZipInfo):
    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802  (zipfile's own hook)
        return self.filename.encode("gbk"), self.flag_bits
