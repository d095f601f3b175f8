"""Which datum a file's ordinates are in, and bringing them to EPSG:4490.

CGCS2000 and WGS 84 agree within centimetres (domain.md, coordinates), so from either only the
projection is undone. Xian 1980 and Beijing 1954 have no published parameters to CGCS2000: PROJ
would shift by nothing and say nothing, so files in them are refused.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from importers.phrases import Phrase, gettext_noop, said
from layers.crs import CGCS2000
from layers.divisions import HUNAN_BOUNDS
from layers.errors import Rejected

Shapes = NDArray[np.object_]


class Frame(Enum):
    """The geodetic datum behind a reference system."""

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
ACCEPTED = (Frame.CGCS2000, Frame.WGS84)
LONGEST_NAME = 40

DATUM_NAMES = {
    "cgcs2000": 4490,
    "wgs84": 4326,
    "web-mercator": 3857,
    **{f"cgcs2000-3-{zone}": 4524 + zone - 36 for zone in (36, 37, 38)},
    **{f"cgcs2000-3-cm{108 + 3 * step}": 4545 + step for step in range(3)},
    **{f"cgcs2000-6-{zone}": 4497 + zone - 19 for zone in (19, 20)},
    **{f"cgcs2000-6-cm{111 + 6 * step}": 4508 + step for step in range(2)},
}


@dataclass(frozen=True)
class Datum:
    """A reference system that can be brought to EPSG:4490."""

    crs: CRS

    @cached_property
    def frame(self) -> Frame:
        return frame_of(self.crs)

    @cached_property
    def name(self) -> str:
        """ "EPSG:4525" where it is known there, else its own name; at most 40 characters."""
        authority = self.crs.to_authority(min_confidence=70)
        return ":".join(authority) if authority else str(self.crs.name)[:LONGEST_NAME]

    @property
    def stored(self) -> bool:
        """Whether the ordinates are already what is stored."""
        return self.name == f"EPSG:{CGCS2000}"

    @property
    def geographic(self) -> bool:
        return bool(self.crs.is_geographic)

    @cached_property
    def _inverse(self) -> Transformer | None:
        if self.geographic:
            return None
        return Transformer.from_crs(self.crs, self.crs.geodetic_crs, always_xy=True)

    def to_stored(self, shapes: Shapes) -> Shapes:
        """Shapes with longitude and latitude; inf where a place is not in the projection."""
        inverse = self._inverse
        if inverse is None:
            return shapes

        def undone(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.column_stack(inverse.transform(xy[:, 0], xy[:, 1]))

        moved: Shapes = shapely.transform(shapes, undone)
        return moved


def frame_of(crs: CRS) -> Frame:
    geodetic = crs.geodetic_crs
    if geodetic is None or geodetic.prime_meridian is None or geodetic.prime_meridian.longitude:
        return Frame.OTHER
    names = " ".join(
        str(part.name) for part in (geodetic.datum, geodetic) if part is not None
    ).lower()
    names = re.sub(r"[^a-z0-9]+", "_", names)
    return next((frame for pattern, frame in _FRAMES if pattern.search(names)), Frame.OTHER)


def read_datum(text: str) -> Datum:
    """A .prj's or a database's description. Raises Rejected for what cannot be placed surely."""
    try:
        crs = _horizontal(_parsed(text))
    except CRSError as error:
        raise _rejected(
            said(
                gettext_noop("The datum of the file cannot be understood: %(text)s"), text=text[:80]
            ),
            said(gettext_noop("State it with --datum, for example --datum cgcs2000-3-37.")),
        ) from error
    datum = Datum(crs)
    if datum.frame in (Frame.XIAN80, Frame.BEIJING54):
        raise _rejected(
            said(
                gettext_noop(
                    "The ordinates are in %(name)s. There are no published parameters from"
                    " %(frame)s to CGCS2000: the places would be wrong by up to some 100 m, and"
                    " nothing would tell."
                ),
                name=crs.name,
                frame=datum.frame.value,
            ),
            said(
                gettext_noop(
                    "Have the surveying office convert the file to CGCS2000 with its parameters."
                )
            ),
        )
    if datum.frame not in ACCEPTED or not (crs.is_geographic or crs.is_projected):
        raise _rejected(
            said(gettext_noop("“%(name)s” is neither CGCS2000 nor WGS 84."), name=crs.name),
            said(gettext_noop("Convert the file to CGCS2000, or correct its datum with --datum.")),
        )
    return datum


def _parsed(text: str) -> CRS:
    """A code or WKT, nothing else: PROJ's own strings can name files to open."""
    authority, _colon, code = text.partition(":")
    if authority.isalnum() and code.isalnum():
        return CRS.from_authority(authority, code)
    return CRS.from_wkt(text)


def _horizontal(crs: CRS) -> CRS:
    """Without heights, and without the shift to WGS 84 that some programs attach."""
    while crs.is_bound or crs.is_compound:
        inner = crs.source_crs if crs.is_bound else crs.sub_crs_list[0]
        if inner is None:
            break
        crs = inner
    # Only where there are heights: the 2D copy of an ESRI .prj is not recognised as its EPSG code.
    return crs.to_2d() if len(crs.axis_info) > len("EN") else crs


def named_datum(text: str) -> Datum:
    """What --datum says: EPSG:4525, 4525, or a name of DATUM_NAMES."""
    name = text.strip().lower()
    number = DATUM_NAMES.get(name) or name.removeprefix("epsg:")
    if not str(number).isdecimal():
        raise _rejected(
            said(gettext_noop("“%(text)s” names no datum."), text=text),
            said(
                gettext_noop("Give EPSG:number or one of: %(names)s."), names=", ".join(DATUM_NAMES)
            ),
        )
    return read_datum(f"EPSG:{number}")


def missing(sample: Shapes) -> Rejected:
    """The refusal of a file that states no datum, with what its ordinates look like."""
    return _rejected(
        said(gettext_noop("The file does not say which datum its ordinates are in.")),
        _advice(sample),
    )


def mismatched(datum: Datum, sample: Shapes) -> Rejected | None:
    """A refusal if none of the places falls near Hunan, but would in another datum."""
    proposal = looks_like(sample)
    if not proposal or f"EPSG:{proposal.epsg}" == datum.name:
        return None
    return _rejected(
        said(gettext_noop("Read as %(name)s, none of the places is near Hunan."), name=datum.name),
        _advice(sample),
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """What ordinates look like; `epsg` is 0 where the magnitudes leave it open."""

    text: Phrase
    epsg: int = 0


_LONGITUDE, _LATITUDE = (108.0, 115.0), (24.0, 31.0)
_NORTH = (2.70e6, 3.36e6)
_EAST = (1.5e5, 8.5e5)
_MERCATOR_X, _MERCATOR_Y = (1.21e7, 1.273e7), (2.82e6, 3.53e6)
_ZONES = {36: 4524, 37: 4525, 38: 4526, 19: 4497, 20: 4498}


def looks_like(sample: Shapes) -> Proposal | None:
    """A proposal from magnitudes; never applied by itself."""
    xy = shapely.get_coordinates(sample)
    xy = xy[np.isfinite(xy).all(axis=1)]
    if not len(xy):
        return None
    x, y = (float(value) for value in np.median(xy, axis=0))
    upright = _upright(x, y)
    if upright:
        return upright
    turned = _upright(y, x)
    if turned is None:
        return None
    return Proposal(
        said(
            gettext_noop(
                "The columns look swapped (survey tables call north X); otherwise: %(text)s"
            ),
            text=turned.text,
        )
    )


def _upright(x: float, y: float) -> Proposal | None:
    def within(value: float, bounds: tuple[float, float]) -> bool:
        return bounds[0] <= value <= bounds[1]

    if within(x, _LONGITUDE) and within(y, _LATITUDE):
        text = gettext_noop("longitude and latitude in degrees, as in cgcs2000 or wgs84")
        return Proposal(said(text), CGCS2000)
    if within(x, _MERCATOR_X) and within(y, _MERCATOR_Y):
        return Proposal(said(gettext_noop("Web Mercator: --datum web-mercator")), 3857)
    if not within(y, _NORTH):
        return None
    zone, easting = divmod(x, 1e6)
    if zone in _ZONES and within(easting, _EAST):
        epsg = _ZONES[int(zone)]
        text = gettext_noop(
            "plane ordinates whose eastings begin with zone %(zone)d: --datum EPSG:%(epsg)d if they"
            " are CGCS2000 (Xian 1980 and Beijing 1954 look the same)"
        )
        return Proposal(said(text, zone=int(zone), epsg=epsg), epsg)
    if within(x, _EAST):
        text = gettext_noop(
            "plane ordinates without a zone: state the central meridian, --datum cgcs2000-3-cm108,"
            " -cm111 or -cm114"
        )
        return Proposal(said(text))
    return None


def _advice(sample: Shapes) -> Phrase:
    proposal = looks_like(sample)
    if proposal is None:
        return said(gettext_noop("Ask whoever made the file, and state it with --datum."))
    return said(
        gettext_noop("Ask whoever made the file. They look like %(text)s."), text=proposal.text
    )


def _rejected(message: Phrase, remedy: Phrase) -> Rejected:
    return Rejected(str(message), remedy=str(remedy))


def near_hunan(shapes: Shapes) -> bool:
    """Whether any of the shapes, in EPSG:4490, is in the province's box."""
    west, south, east, north = shapely.bounds(shapes).T
    box = HUNAN_BOUNDS
    inside = (west >= box.west) & (south >= box.south) & (east <= box.east) & (north <= box.north)
    return bool(inside.any())
