"""The names by which a person may state a datum, with their EPSG codes."""

GCJ02, BD09 = "gcj02", "bd09"


def _zones(name: str, *, three: int, three_cm: int, six: int, six_cm: int) -> dict[str, int]:
    """The EPSG codes of the zones that Hunan is in; each argument is the first of them."""
    return {
        **{f"{name}-3-{36 + step}": three + step for step in range(3)},
        **{f"{name}-3-cm{108 + 3 * step}": three_cm + step for step in range(3)},
        **{f"{name}-6-{19 + step}": six + step for step in range(2)},
        **{f"{name}-6-cm{111 + 6 * step}": six_cm + step for step in range(2)},
    }


DATUM_NAMES: dict[str, int] = {
    "cgcs2000": 4490,
    "wgs84": 4326,
    "web-mercator": 3857,
    **_zones("cgcs2000", three=4524, three_cm=4545, six=4497, six_cm=4508),
}
"""What needs nothing further. A number after 3 or 6 is the zone, one after cm the meridian."""

LOCAL_DATUM_NAMES: dict[str, int] = {
    "xian80": 4610,
    **_zones("xian80", three=2360, three_cm=2381, six=2333, six_cm=2344),
    "beijing54": 4214,
    **_zones("beijing54", three=2412, three_cm=2433, six=21419, six_cm=21459),
}
"""What needs seven parameters or an accepted error."""
