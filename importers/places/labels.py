"""Datums in words, for the person who has to choose one."""

from importers.phrases import Phrase, gettext_noop, said
from importers.places.datum_names import BD09, DATUM_NAMES, GCJ02, LOCAL_DATUM_NAMES
from importers.places.datums import named_datum

_CODES = {f"EPSG:{number}": name for name, number in {**DATUM_NAMES, **LOCAL_DATUM_NAMES}.items()}
_FRAMES = {
    "cgcs2000": gettext_noop("CGCS2000"),
    "xian80": gettext_noop("Xian 1980"),
    "beijing54": gettext_noop("Beijing 1954"),
}
_SINGLE = {
    "cgcs2000": gettext_noop("CGCS2000 longitude and latitude"),
    "wgs84": gettext_noop("WGS 84 longitude and latitude"),
    "xian80": gettext_noop("Xian 1980 longitude and latitude"),
    "beijing54": gettext_noop("Beijing 1954 longitude and latitude"),
    "web-mercator": gettext_noop("Web Mercator"),
    GCJ02: gettext_noop("GCJ-02 (Amap, Tencent)"),
    BD09: gettext_noop("BD-09 (Baidu)"),
}


def label(reference: str) -> Phrase:
    """Of a datum's reference: a code, gcj02, bd09, or WKT, of which the name is told."""
    name = _CODES.get(reference, reference)
    if name in _SINGLE:
        return said(_SINGLE[name])
    frame, _dash, rest = name.partition("-")
    if frame not in _FRAMES:
        name = named_datum(reference, accuracy_m=1.0).crs.name if "[" in reference else reference
        return Phrase(name, name)
    width, _dash, place = rest.partition("-")
    if place.startswith("cm"):
        text = gettext_noop("%(frame)s, %(width)s° zones, central meridian %(place)s°")
    else:
        text = gettext_noop("%(frame)s, %(width)s° zone %(place)s")
    return said(text, frame=said(_FRAMES[frame]), width=width, place=place.removeprefix("cm"))
