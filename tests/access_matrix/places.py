"""Which tile is over a place, by the formula of the XYZ scheme."""

from math import asinh, pi, radians, tan

from tiles.coordinates import Tile


def tile(zoom: int, lon: float, lat: float) -> Tile:
    x, y = (lon + 180) / 360, (1 - asinh(tan(radians(lat))) / pi) / 2
    return Tile(zoom, int(x * 2**zoom), int(y * 2**zoom))
