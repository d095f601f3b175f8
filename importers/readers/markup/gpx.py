"""GPX 1.0 and 1.1: waypoints, routes and tracks, a table each."""

import numpy as np
import shapely

from importers.readers.markup.rows import Row
from importers.readers.markup.shapes import collected, line

TABLES = {"wpt": "waypoints", "rte": "routes", "trk": "tracks"}
CELLS = ("name", "cmt", "desc", "src", "type", "time", "ele", "sym", "number")
_POINTS = ("rtept", "trkpt")


class Waypoints:
    """Gathers the rows of all three tables; `rows` are (table, row) since it was last emptied."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, Row]] = []
        self.unread_shapes = 0
        self._path: list[str] = []
        self._row = Row()
        self._places: list[tuple[float, float]] = []
        self._lines: list[shapely.Geometry] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        if name in TABLES and len(self._path) == 2:
            self._row, self._places, self._lines = Row(), [], []
        if name == "wpt" or name in _POINTS:
            self._place(attributes)

    def _place(self, attributes: dict[str, str]) -> None:
        try:
            self._places.append((float(attributes["lon"]), float(attributes["lat"])))
        except (KeyError, ValueError):
            self.unread_shapes += 1

    def end(self, name: str, text: str) -> None:
        self._path.pop()
        parent = self._path[-1] if self._path else ""
        if name == "trkseg":
            self._close_line()
        elif name in TABLES and len(self._path) == 1:
            self._finish(name)
        elif text and parent in TABLES and name in CELLS:
            self._row.cells[name] = text
        elif text and "extensions" in self._path and not set(_POINTS) & set(self._path):
            self._row.cells.setdefault(name, text)

    def _close_line(self) -> None:
        shape = line(np.array(self._places, dtype=np.float64))
        if shape is not None:
            self._lines.append(shape)
        self._places = []

    def _finish(self, name: str) -> None:
        if name == "wpt":
            self._row.shape = shapely.Point(self._places[0]) if self._places else None
        else:
            self._close_line()
            self._row.shape = collected(self._lines)
        self.rows.append((TABLES[name], self._row))
