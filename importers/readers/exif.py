"""What a camera wrote into a picture's header about where, when and how it was taken.

Tag numbers are those of EXIF 2.32 (CIPA DC-008). Cameras and apps write them carelessly: fractions
over nothing, text in any encoding, a position of 0°, 0° for "no fix".
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import Image

GPS_IFD, EXIF_IFD = 0x8825, 0x8769
DESCRIPTION, MAKE, MODEL, CHANGED = 0x010E, 0x010F, 0x0110, 0x0132
XP_TITLE, XP_COMMENT = 0x9C9B, 0x9C9C
TAKEN, USER_COMMENT = 0x9003, 0x9286
LATITUDE_REF, LATITUDE, LONGITUDE_REF, LONGITUDE = 1, 2, 3, 4
ALTITUDE_REF, ALTITUDE = 5, 6
DIRECTION, DATUM, ACCURACY = 17, 18, 31
BELOW_SEA = 1
COMMENT_CODE_BYTES = 8
"""A UserComment begins with the name of its encoding: ASCII, UNICODE or nothing."""
LONGEST_TEXT = 1000
_TIME = "%Y:%m:%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Exposure:
    """`place` is (longitude, latitude) in degrees, `taken` local time without a zone, altitude and
    accuracy are in metres, the direction in degrees from north. `datum` is "" where none is named.
    """

    place: tuple[float, float] | None = None
    taken: str | None = None
    altitude: float | None = None
    direction: float | None = None
    accuracy: float | None = None
    make: str | None = None
    model: str | None = None
    description: str | None = None
    datum: str = ""


def read_exposure(image: Image.Image) -> Exposure:
    """Of an opened picture whose pixels are not read. What a tag holds wrongly is None."""
    # Pillow would decode a whole PNG to look for the tags behind the pixels.
    if image.format == "PNG" and "exif" not in image.info:
        return Exposure()
    tags = image.getexif()
    gps, details = tags.get_ifd(GPS_IFD), tags.get_ifd(EXIF_IFD)
    return Exposure(
        place=_place(gps),
        taken=_time(details.get(TAKEN)) or _time(tags.get(CHANGED)),
        altitude=_altitude(gps),
        direction=_number(gps.get(DIRECTION)),
        accuracy=_number(gps.get(ACCURACY)),
        make=_text(tags.get(MAKE)),
        model=_text(tags.get(MODEL)),
        description=_description(tags, details),
        datum=_datum(_text(gps.get(DATUM)) or ""),
    )


def _place(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    latitude = _angle(gps.get(LATITUDE), gps.get(LATITUDE_REF), negative="S")
    longitude = _angle(gps.get(LONGITUDE), gps.get(LONGITUDE_REF), negative="W")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    # Cameras without a fix write zeros; the sea off Ghana is no place in Hunan.
    return None if latitude == longitude == 0 else (longitude, latitude)


def _angle(parts: Any, reference: Any, *, negative: str) -> float | None:
    """Degrees, minutes and seconds as three fractions; some apps give the degrees alone."""
    if not isinstance(parts, Sequence) or isinstance(parts, (str, bytes)) or not parts:
        return None
    numbers = [_number(part) for part in parts[:3]]
    known = [number for number in numbers if number is not None]
    if len(known) != len(numbers):
        return None
    degrees = sum((number / 60.0**power for power, number in enumerate(known)), 0.0)
    return -degrees if (_text(reference) or "").upper().startswith(negative) else degrees


def _altitude(gps: Mapping[int, Any]) -> float | None:
    height = _number(gps.get(ALTITUDE))
    reference = gps.get(ALTITUDE_REF)
    below = reference in (BELOW_SEA, b"\x01", (BELOW_SEA,))
    return -height if height is not None and below else height


def _number(value: Any) -> float | None:
    """A fraction over nothing, and what is no number, is None."""
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) else None


def _time(value: Any) -> str | None:
    text = (_text(value) or "")[: len("2022:05:01 10:20:30")]
    try:
        return datetime.strptime(text, _TIME).isoformat(sep=" ")  # noqa: DTZ007  (no zone is given)
    except ValueError:
        return None


def _text(value: Any) -> str | None:
    """Pillow reads text as Latin-1, whatever it is: taken back to bytes and read as Chinese."""
    if isinstance(value, bytes):
        raw = value
    elif isinstance(value, str):
        try:
            raw = value.encode("latin-1")
        except UnicodeEncodeError:
            return _tidy(value)
    else:
        return None
    for encoding in ("utf-8", "gb18030"):
        try:
            return _tidy(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return _tidy(raw.decode("latin-1"))


def _tidy(text: str) -> str | None:
    return text.split("\x00", 1)[0].strip()[:LONGEST_TEXT] or None


def _description(tags: Mapping[int, Any], details: Mapping[int, Any]) -> str | None:
    """The description; else what Windows' own dialog or a survey app wrote."""
    return (
        _text(tags.get(DESCRIPTION))
        or _wide(tags.get(XP_TITLE))
        or _wide(tags.get(XP_COMMENT))
        or _comment(details.get(USER_COMMENT))
    )


def _wide(value: Any) -> str | None:
    """Windows' XP tags are UTF-16."""
    raw = bytes(value) if isinstance(value, (bytes, tuple)) else b""
    return _tidy(raw.decode("utf-16-le", "replace"))


def _comment(value: Any) -> str | None:
    if not isinstance(value, bytes):
        return None
    code, raw = value[:COMMENT_CODE_BYTES], value[COMMENT_CODE_BYTES:]
    return _wide(raw) if code.startswith(b"UNICODE") else _text(raw)


def _datum(text: str) -> str:
    """
    >>> _datum("WGS-84"), _datum("GCJ-02"), _datum("")
    ('WGS84', 'GCJ-02', '')
    """
    plain = re.sub(r"[\s_-]+", "", text).upper()
    if plain in {"WGS84", "WGS1984"}:
        return "WGS84"
    return "CGCS2000" if plain in {"CGCS2000", "CHINAGEODETIC2000"} else text
