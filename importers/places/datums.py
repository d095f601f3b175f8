"""The datums that ordinates may be in, by name or description, and bringing them to EPSG:4490.

CGCS2000 and WGS 84 agree within centimetres (domain.md, coordinates), so from either only the
projection is undone. Xian 1980 and Beijing 1954 have no published parameters to CGCS2000: they are
taken with seven parameters, or with an error that a person accepted and that is kept with every
feature. GCJ-02 and BD-09 are taken off by iteration.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from importers.interpretation import Helmert, PlaceReading
from importers.phrases import Phrase, gettext_noop, said
from importers.places import offsets
from importers.places.datum_names import BD09, DATUM_NAMES, GCJ02, LOCAL_DATUM_NAMES
from importers.places.frames import LOCAL, STORABLE, Frame, frame_of, parsed
from importers.places.shift import Ellipsoid, Shift
from layers.crs import CGCS2000
from layers.divisions import METRES_A_DEGREE
from layers.errors import Rejected

Shapes = NDArray[np.object_]
Ordinates = NDArray[np.float64]
"""Shape (n, 2): easting or longitude, then northing or latitude."""

LONGEST_NAME = 40
LARGEST_SHIFT_M = 1_000
"""Between Xian 1980, Beijing 1954 and CGCS2000 it is some 100 m; more is a mistaken unit."""
CHECK_PLACE = (111.5, 27.5)

_OFFSETS: dict[str, tuple[Callable[[Ordinates], Ordinates], Callable[[Ordinates], Ordinates]]] = {
    GCJ02: (offsets.wgs84_from_gcj02, offsets.gcj02_from_wgs84),
    BD09: (offsets.wgs84_from_bd09, offsets.bd09_from_wgs84),
}
_OFFSET_SPELLINGS = {"gcj-02": GCJ02, "gcj_02": GCJ02, "bd-09": BD09, "bd09ll": BD09, "bd_09": BD09}


@dataclass(frozen=True)
class Datum:
    """A reference system that can be brought to EPSG:4490 and back.

    `offset` is gcj02 or bd09, laid on the degrees of `crs`. `parameters` go from the datum of
    `crs` to CGCS2000; without them `accuracy_m` is the error that was accepted instead.
    """

    crs: CRS
    offset: str = ""
    parameters: Helmert | None = None
    accuracy_m: float | None = None

    @cached_property
    def frame(self) -> Frame:
        return frame_of(self.crs)

    @cached_property
    def code(self) -> str:
        """ "EPSG:4525" where it is known there, "gcj02", "bd09", else ""."""
        if self.offset:
            return self.offset
        authority = self.crs.to_authority(min_confidence=70)
        return ":".join(authority) if authority else ""

    @cached_property
    def name(self) -> str:
        """What is kept with each feature, at most 40 characters; it tells how it was shifted."""
        how = ""
        if self.parameters is not None:
            how = " (7 parameters)"
        elif self.accuracy_m is not None:
            how = f" (±{self.accuracy_m:g} m)"
        return (self.code or str(self.crs.name))[: LONGEST_NAME - len(how)] + how

    @cached_property
    def reference(self) -> str:
        """What `named_datum` finds it by again: the code, or the whole WKT."""
        return self.code or str(self.crs.to_wkt())

    @property
    def stored(self) -> bool:
        """Whether the ordinates are already what is stored."""
        return self.name == f"EPSG:{CGCS2000}"

    @property
    def geographic(self) -> bool:
        return bool(self.crs.is_geographic)

    @property
    def meridian(self) -> float | None:
        """The central meridian in degrees, of a transverse Mercator projection."""
        operation = self.crs.coordinate_operation
        parameters = operation.params if operation is not None else []
        names = {each.name: float(each.value) for each in parameters}
        return names.get("Longitude of natural origin")

    @cached_property
    def _projection(self) -> Transformer | None:
        """From degrees to the plane."""
        if self.geographic:
            return None
        return Transformer.from_crs(self.crs.geodetic_crs, self.crs, always_xy=True)

    @cached_property
    def _shift(self) -> Shift | None:
        if self.parameters is None:
            return None
        return Shift(_ellipsoid(self.crs), _ellipsoid(CRS.from_epsg(CGCS2000)), self.parameters)

    def to_degrees(self, ordinates: Ordinates) -> Ordinates:
        """Longitude and latitude in EPSG:4490; inf or NaN where a place is not in the datum."""
        found = ordinates
        if self._projection is not None:
            found = np.column_stack(
                self._projection.transform(found[:, 0], found[:, 1], direction="INVERSE")
            )
        if self._shift is not None:
            found = self._shift.forwards(found)
        return _OFFSETS[self.offset][0](found) if self.offset else found

    def from_degrees(self, lonlat: Ordinates) -> Ordinates:
        """The inverse of `to_degrees`: ordinates in this datum, easting or longitude first."""
        found = _OFFSETS[self.offset][1](lonlat) if self.offset else lonlat
        if self._shift is not None:
            found = self._shift.backwards(found)
        if self._projection is not None:
            found = np.column_stack(self._projection.transform(*found.T))
        return found

    @property
    def moves(self) -> bool:
        """Whether bringing ordinates to EPSG:4490 changes them at all."""
        return not self.geographic or bool(self.offset) or self.parameters is not None

    def to_stored(self, shapes: Shapes) -> Shapes:
        """Shapes in EPSG:4490; inf or NaN where a place is not in the datum."""
        return _transformed(shapes, self.to_degrees) if self.moves else shapes

    def from_stored(self, shapes: Shapes) -> Shapes:
        """The inverse of `to_stored`."""
        return _transformed(shapes, self.from_degrees) if self.moves else shapes


def _transformed(shapes: Shapes, change: Callable[[Ordinates], Ordinates]) -> Shapes:
    moved: Shapes = shapely.transform(shapes, change)
    return moved


def _ellipsoid(crs: CRS) -> Ellipsoid:
    found = crs.ellipsoid
    if found is None:
        raise CRSError(f"{crs.name} has no ellipsoid")
    return Ellipsoid(found.semi_major_metre, found.inverse_flattening)


def read_datum(
    text: str, parameters: Helmert | None = None, accuracy_m: float | None = None
) -> Datum:
    """A .prj's or a database's description. Raises Rejected for what cannot be placed surely."""
    try:
        crs = parsed(text)
    except CRSError as error:
        raise rejected(
            said(
                gettext_noop("The datum of the file cannot be understood: %(text)s"), text=text[:80]
            ),
            said(gettext_noop("State its datum.")),
        ) from error
    frame = frame_of(crs)
    if frame not in (*STORABLE, *LOCAL) or not (crs.is_geographic or crs.is_projected):
        raise rejected(
            said(gettext_noop("“%(name)s” is neither CGCS2000 nor WGS 84."), name=crs.name),
            said(gettext_noop("Convert the file to CGCS2000, or correct its datum.")),
        )
    if frame in STORABLE:
        # Parameters and errors are stated for a whole delivery; here nothing is shifted by them.
        return Datum(crs)
    if parameters is None and accuracy_m is None:
        raise _without_parameters(crs, frame)
    return _checked(Datum(crs, "", parameters, None if parameters else accuracy_m))


def _without_parameters(crs: CRS, frame: Frame) -> Rejected:
    return rejected(
        said(
            gettext_noop(
                "The ordinates are in %(name)s. There are no published parameters from"
                " %(frame)s to CGCS2000: the places would be wrong by up to some 100 m, and"
                " nothing would tell."
            ),
            name=crs.name,
            frame=frame.value,
        ),
        said(
            gettext_noop(
                "Have the surveying office convert the file to CGCS2000, give its seven"
                " parameters, or accept a stated error in metres."
            )
        ),
    )


def _checked(datum: Datum) -> Datum:
    """Raises Rejected for an error that is none and for parameters in the wrong units."""
    if datum.parameters is None:
        if not 0 < (datum.accuracy_m or 0) < LARGEST_SHIFT_M:
            raise rejected(
                said(gettext_noop("An accepted error must be more than 0 m and under 1000 m.")),
                said(gettext_noop("Without parameters the places are off by some 100 m.")),
            )
        return datum
    plain = Datum(datum.crs, accuracy_m=1.0)
    there = plain.from_degrees(np.array([CHECK_PLACE]))
    moved = np.hypot(*(datum.to_degrees(there)[0] - CHECK_PLACE)) * METRES_A_DEGREE
    if not moved < LARGEST_SHIFT_M:
        raise rejected(
            said(
                gettext_noop("The seven parameters would move the places by %(km).1f km."),
                km=float(moved) / 1000,
            ),
            said(
                gettext_noop(
                    "Give translations in metres, rotations in arc seconds and the scale in parts"
                    " per million, from the file's datum to CGCS2000 (position vector convention)."
                )
            ),
        )
    return datum


def named_datum(
    text: str, parameters: Helmert | None = None, accuracy_m: float | None = None
) -> Datum:
    """What a person or a reading says: EPSG:4525, 4525, WKT, or a name of the two tables, gcj02 or

    bd09. Raises Rejected for an unknown name, and for Xian 1980 and Beijing 1954 without
    parameters or an accepted error.
    """
    name = text.strip().lower()
    offset = _OFFSET_SPELLINGS.get(name, name)
    if offset in _OFFSETS:
        return Datum(CRS.from_epsg(4326), offset)
    if "[" in text:
        return read_datum(text, parameters, accuracy_m)
    number = DATUM_NAMES.get(name) or LOCAL_DATUM_NAMES.get(name)
    code = f"epsg:{number or name.removeprefix('epsg:')}"
    authority, _colon, digits = (
        name.partition(":") if name.startswith("esri:") else code.partition(":")
    )
    if not digits.isdecimal() or not digits.isascii():
        raise rejected(
            said(gettext_noop("“%(text)s” names no datum."), text=text),
            said(
                gettext_noop("Give EPSG:number or one of: %(names)s."),
                names=", ".join([*DATUM_NAMES, *_OFFSETS, *LOCAL_DATUM_NAMES]),
            ),
        )
    return read_datum(f"{authority.upper()}:{digits}", parameters, accuracy_m)


def datum_of(reading: PlaceReading) -> Datum | None:
    """The datum of a reading; None where it has none. Raises Rejected."""
    if not reading.datum:
        return None
    return named_datum(reading.datum, reading.parameters, reading.accuracy_m)


def rejected(message: Phrase, remedy: Phrase) -> Rejected:
    return Rejected(str(message), remedy=str(remedy), detail={"control": "datum"})
