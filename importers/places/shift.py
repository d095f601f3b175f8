"""Seven parameters between two ellipsoids: longitude and latitude on one to those on the other.

Position vector convention (EPSG:9606): X' = T + (1 + s) · R · X, with the rotation matrix of small
angles. It is the formula behind the parameters that surveying offices hand out and what PROJ's
`helmert` step computes by default. Heights are unknown in a map: every place lies on the ellipsoid
of the file's datum, and what height comes out is dropped.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from importers.interpretation import Helmert

Degrees = NDArray[np.float64]
_ROUNDS = 4
"""Rounds that find the height again: each leaves a 1e-5th of it (the shift against the radius)."""


@dataclass(frozen=True)
class Ellipsoid:
    """Semi-major axis in metres and 1/flattening, as in "EPSG:4490": 6378137, 298.257222101."""

    semi_major_m: float
    inverse_flattening: float

    @cached_property
    def _cart(self) -> Transformer:
        return Transformer.from_pipeline(
            f"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad"
            f" +step +proj=cart +a={self.semi_major_m!r} +rf={self.inverse_flattening!r}"
        )

    def geocentric(self, lonlat: Degrees, height_m: NDArray[np.float64]) -> Degrees:
        return np.column_stack(self._cart.transform(lonlat[:, 0], lonlat[:, 1], height_m))

    def geographic(self, xyz: Degrees) -> tuple[Degrees, NDArray[np.float64]]:
        """Longitude and latitude in degrees, and the height in metres."""
        found = np.column_stack(
            self._cart.transform(xyz[:, 0], xyz[:, 1], xyz[:, 2], direction="INVERSE")
        )
        return found[:, :2], found[:, 2]


@dataclass(frozen=True)
class Shift:
    """From `source` to `target` by `parameters`; `backwards` is its exact inverse."""

    source: Ellipsoid
    target: Ellipsoid
    parameters: Helmert

    @cached_property
    def _translation(self) -> NDArray[np.float64]:
        return np.array([self.parameters.dx, self.parameters.dy, self.parameters.dz])

    @cached_property
    def _matrix(self) -> NDArray[np.float64]:
        p = self.parameters
        rx, ry, rz = np.radians(np.array([p.rx, p.ry, p.rz]) / 3600)
        turned = np.array([[1, -rz, ry], [rz, 1, -rx], [-ry, rx, 1]])
        return np.asarray((1 + p.scale * 1e-6) * turned)

    def forwards(self, lonlat: Degrees) -> Degrees:
        xyz = self.source.geocentric(lonlat, np.zeros(len(lonlat)))
        return self.target.geographic(xyz @ self._matrix.T + self._translation)[0]

    def backwards(self, lonlat: Degrees) -> Degrees:
        """The place on the source's ellipsoid that `forwards` brings to `lonlat`.

        The height that `forwards` dropped is found again by rounds; without it some 50 m of height
        would leave a millimetre. The matrix is inverted as it is: transposing it, as for a true
        rotation, would leave millimetres as well.
        """
        height = np.zeros(len(lonlat))
        back = np.linalg.inv(self._matrix)
        found = lonlat
        for _round in range(_ROUNDS):
            xyz = (self.target.geocentric(lonlat, height) - self._translation) @ back.T
            found, above = self.source.geographic(xyz)
            height = height - above
        return found
