"""The reference systems a file can be asked for in; stored places to the target's ordinates."""

from dataclasses import dataclass

from importers.places.datums import Datum, Shapes, named_datum
from layers.registry import Label


@dataclass(frozen=True, slots=True)
class Offered:
    name: str
    label: Label


def _zone(zone: int, meridian: int) -> Label:
    return Label(
        f"CGCS2000 3度带 {zone}带（中央经线 {meridian}°，东坐标带带号）",
        f"CGCS2000 3° zone {zone} (meridian {meridian}°, eastings carry the zone)",
    )


def _meridian(degrees: int) -> Label:
    return Label(
        f"CGCS2000 3度带 中央经线 {degrees}°（不带带号）",
        f"CGCS2000 3°, meridian {degrees}° (no zone in eastings)",
    )


OFFERED: tuple[Offered, ...] = (
    Offered("EPSG:4490", Label("CGCS2000 经纬度", "CGCS2000, longitude and latitude")),
    Offered("EPSG:4326", Label("WGS 84 经纬度", "WGS 84, longitude and latitude")),
    *(Offered(f"EPSG:{4488 + zone}", _zone(zone, 3 * zone)) for zone in (36, 37, 38)),
    *(Offered(f"EPSG:{4509 + degrees // 3}", _meridian(degrees)) for degrees in (108, 111, 114)),
    Offered(
        "EPSG:4497",
        Label("CGCS2000 6度带 19带（带带号）", "CGCS2000 6° zone 19 (eastings carry the zone)"),
    ),
    Offered(
        "EPSG:4498",
        Label("CGCS2000 6度带 20带（带带号）", "CGCS2000 6° zone 20 (eastings carry the zone)"),
    ),
    Offered("EPSG:3857", Label("Web 墨卡托", "Web Mercator")),
    Offered("gcj02", Label("GCJ-02（高德、腾讯）", "GCJ-02 (Amap, Tencent)")),
    Offered("bd09", Label("BD-09（百度）", "BD-09 (Baidu)")),
)
"""What the page lists; any other that `named_datum` knows can be named to the API and command."""


def target_datum(text: str) -> Datum:
    """Raises Rejected for what is no datum, or one that places cannot be brought to surely."""
    return named_datum(text)


def ordinates_in(datum: Datum, shapes: Shapes) -> Shapes:
    """Shapes in degrees of CGCS2000 as the datum has them, x (east) first; None stays None."""
    return datum.from_stored(shapes)
