"""The geodetic datum behind a reference system, told from its names.

Programs write the same datum in many spellings (D_China_2000, CGCS_2000, China Geodetic Coordinate
System 2000), so names are compared without case and punctuation.
"""

import re
from enum import Enum

from pyproj import CRS


class Frame(Enum):
    """A geodetic datum."""

    CGCS2000 = "CGCS2000"
    WGS84 = "WGS 84"
    XIAN80 = "Xian 1980"
    BEIJING54 = "Beijing 1954"
    OTHER = "other"


_FRAMES: tuple[tuple[re.Pattern[str], Frame], ...] = (
    (re.compile(r"china_?2000|cgcs_?2000|china_geodetic_coordinate_system_2000"), Frame.CGCS2000),
    (re.compile(r"wgs_?_?(19)?84|world_geodetic_system_1984"), Frame.WGS84),
    (re.compile(r"xi_?an_?(19)?80"), Frame.XIAN80),
    (re.compile(r"beijing_?(19)?54|new_beijing"), Frame.BEIJING54),
)
STORABLE = (Frame.CGCS2000, Frame.WGS84)
"""Equal to what is stored within centimetres (domain.md, coordinates)."""
LOCAL = (Frame.XIAN80, Frame.BEIJING54)
"""Without published parameters to CGCS2000: PROJ would shift by nothing and say nothing."""


def frame_of(crs: CRS) -> Frame:
    geodetic = crs.geodetic_crs
    if geodetic is None or geodetic.prime_meridian is None or geodetic.prime_meridian.longitude:
        return Frame.OTHER
    names = " ".join(
        str(part.name) for part in (geodetic.datum, geodetic) if part is not None
    ).lower()
    names = re.sub(r"[^a-z0-9]+", "_", names)
    return next((frame for pattern, frame in _FRAMES if pattern.search(names)), Frame.OTHER)


def parsed(text: str) -> CRS:
    """A code or WKT, nothing else: PROJ's own strings can name files to open. Raises CRSError."""
    authority, _colon, code = text.partition(":")
    if authority.isalnum() and code.isalnum():
        return horizontal(CRS.from_authority(authority, code))
    return horizontal(CRS.from_wkt(text))


def horizontal(crs: CRS) -> CRS:
    """Without heights, and without the shift to WGS 84 that some programs attach."""
    while crs.is_bound or crs.is_compound:
        inner = crs.source_crs if crs.is_bound else crs.sub_crs_list[0]
        if inner is None:
            break
        crs = inner
    # Only where there are heights: the 2D copy of an ESRI .prj is not recognised as its EPSG code.
    return crs.to_2d() if len(crs.axis_info) > len("EN") else crs
