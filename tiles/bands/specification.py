"""The bands of zooms, and from which zoom on a line or an area is drawn as itself."""

from tiles.coordinates import EXTENT

EARTH_M = 40_075_016.68557849

TOPS = (5, 8, 11, 13)
"""The deepest zoom of each band. Deeper tiles hold so little that they read the features as they
are; two or three zooms a band cost a quarter more vertices than a band a zoom would."""

TOLERANCE_UNITS = 4
"""How far a generalised outline may lie off, in units of the tile of the band's deepest zoom: half
a pixel of a tile drawn 512 pixels wide."""

VISIBLE_UNITS = 32
"""A feature is drawn as itself from the zoom on at which its box is so many units wide or high:
four pixels. Below, it is counted in cells."""

MOST_DRAWN = {"line": 3000, "polygon": 1200}
"""The most features of a tile that are drawn as themselves: some 300 kB of roads, or 20 ms of
areas, each of which is cut and made valid."""

LOOKED_AT = 2
"""A tile with so many times more that could be drawn draws none: finding the most prominent among
12,000 roads took 45 ms of its 50."""


def top_of(zoom: int) -> int | None:
    """The band that a zoom is drawn from; None where features are read as they are.

    >>> [top_of(zoom) for zoom in (0, 5, 6, 13, 14)]
    [5, 5, 8, 13, None]
    """
    return next((top for top in TOPS if zoom <= top), None)


def tolerance_m(top: int) -> float:
    """Metres of EPSG:3857."""
    return unit_m(top) * TOLERANCE_UNITS


def unit_m(zoom: int) -> float:
    """One of the units of a tile of this zoom, in metres of EPSG:3857."""
    return EARTH_M / 2.0**zoom / EXTENT
