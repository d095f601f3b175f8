"""One small file of every format, with the same two rows wherever the format can hold them."""

import json
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyogrio
from shapely import LineString, Point, Polygon

from tests.importers import files

NAMES = ["十八洞村", "双龙镇"]
PLACES = [Point(109.48, 28.57), Point(109.5, 28.6)]
ROWS = [{"名称": name, "户数": count} for name, count in zip(NAMES, (7, 9), strict=True)]


def written(path: Path, driver: str, **options: Any) -> Path:
    """By OGR, which knows all of these formats."""
    table = files.frame(ROWS, list(PLACES), 4326)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.write_dataframe(table, path, driver=driver, **options)
    return path


def geopackage(folder: Path) -> Path:
    return written(folder / "a.gpkg", "GPKG", layer="rows")


def geojson(folder: Path) -> Path:
    return written(folder / "a.geojson", "GeoJSON")


def geojson_lines(folder: Path) -> Path:
    return written(folder / "a.geojsonl", "GeoJSONSeq")


def geojson_records(folder: Path) -> Path:
    """RFC 8142: each text after a record separator."""
    return written(folder / "a.geojsons", "GeoJSONSeq", RS="YES")


def flatgeobuf(folder: Path) -> Path:
    return written(folder / "a.fgb", "FlatGeobuf", SPATIAL_INDEX="NO")


def geodatabase(folder: Path) -> Path:
    return written(folder / "a.gdb", "OpenFileGDB", layer="rows")


def geoparquet(folder: Path) -> Path:
    path = folder / "a.parquet"
    files.frame(ROWS, list(PLACES), 4326).to_parquet(path)
    return path


def shapefile(folder: Path) -> Path:
    return files.shapefile(folder / "shp", ROWS, list(PLACES), epsg=4326)


def zipped_shapefile(folder: Path) -> Path:
    return files.zipped(shapefile(folder), folder / "a.zip")


def esri_json(folder: Path) -> Path:
    features = [
        {"attributes": row, "geometry": {"x": place.x, "y": place.y}}
        for row, place in zip(ROWS, PLACES, strict=True)
    ]
    content = {
        "displayFieldName": "",
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": 4326},
        "fields": [
            {"name": "名称", "type": "esriFieldTypeString", "length": 50},
            {"name": "户数", "type": "esriFieldTypeInteger"},
        ],
        "features": features,
    }
    path = folder / "a.json"
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>花垣县</name>
<Folder><name>饮水</name>{placemarks}</Folder></Document></kml>"""


def placemark(name: str, shape: str, data: str = "") -> str:
    return f"<Placemark><name>{name}</name>{data}{shape}</Placemark>"


def kml_text() -> str:
    return KML.format(
        placemarks="".join(
            placemark(
                row["名称"],
                f"<Point><coordinates>{place.x},{place.y},300</coordinates></Point>",
                f'<ExtendedData><Data name="户数"><value>{row["户数"]}</value></Data>'
                "</ExtendedData>",
            )
            for row, place in zip(ROWS, PLACES, strict=True)
        )
    )


def kml(folder: Path) -> Path:
    path = folder / "a.kml"
    path.write_text(kml_text(), "utf-8")
    return path


def kmz(folder: Path) -> Path:
    path = folder / "a.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", kml_text())
        archive.writestr("files/十八洞.jpg", b"\xff\xd8\xff")
    return path


def gpx(folder: Path) -> Path:
    points = "".join(
        f'<wpt lat="{place.y}" lon="{place.x}"><ele>300</ele><name>{name}</name></wpt>'
        for name, place in zip(NAMES, PLACES, strict=True)
    )
    path = folder / "a.gpx"
    path.write_text(
        f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{points}</gpx>', "utf-8"
    )
    return path


def dxf_text(entities: str, page: str = "ANSI_936") -> str:
    return (
        f"0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n9\n$DWGCODEPAGE\n3\n{page}\n0\nENDSEC\n"
        f"0\nSECTION\n2\nENTITIES\n{entities}0\nENDSEC\n0\nEOF\n"
    )


def dxf_entities() -> str:
    texts = "".join(
        f"0\nTEXT\n5\nA{number}\n8\n村庄注记\n10\n{place.x}\n20\n{place.y}\n40\n2.5\n1\n{name}\n"
        for number, (name, place) in enumerate(zip(NAMES, PLACES, strict=True))
    )
    corners = "".join(f"10\n{x}\n20\n{y}\n" for x, y in ((0, 0), (1, 0), (1, 1)))
    return f"{texts}0\nLWPOLYLINE\n5\nB1\n8\n房屋\n90\n3\n70\n1\n{corners}"


def dxf(folder: Path) -> Path:
    path = folder / "a.dxf"
    path.write_text(dxf_text(dxf_entities()), "gbk")
    return path


EVERY: dict[str, Callable[[Path], Path]] = {
    "Shapefile": shapefile,
    "zipped Shapefile": zipped_shapefile,
    "GeoPackage": geopackage,
    "File Geodatabase": geodatabase,
    "FlatGeobuf": flatgeobuf,
    "GeoParquet": geoparquet,
    "GeoJSON": geojson,
    "GeoJSON lines": geojson_lines,
    "GeoJSON records": geojson_records,
    "Esri JSON": esri_json,
    "KML": kml,
    "KMZ": kmz,
    "GPX": gpx,
    "DXF": dxf,
}
TABULAR = [name for name in EVERY if name not in ("KML", "KMZ", "GPX", "DXF")]
LINE = LineString([(109.48, 28.57), (109.49, 28.58)])
SQUARE = Polygon([(0, 0), (1, 0), (1, 1), (0, 0)])
