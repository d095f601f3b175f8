"""KML 2.2 (OGC 07-147r2): placemarks of all folders as one table, with a column for the folder.

Nothing that a file refers to is fetched: network links, icons, styles, overlays, schemas elsewhere.
"""

from dataclasses import dataclass, field

import numpy as np
import shapely

from importers.readers.markup.rows import Row
from importers.readers.markup.shapes import Ordinates, collected, line, ordinates, point, polygon

PLAIN = ("name", "description", "address", "phoneNumber", "when", "begin", "end")
"""Elements of a placemark that become columns of their own name."""
FOLDERS = ("Folder", "Document")
FOLDER_COLUMN = "folder"
BETWEEN_FOLDERS = "/"
_NESTED = ("MultiGeometry", "MultiTrack")


@dataclass(slots=True)
class _Ring:
    outer: Ordinates | None = None
    inner: list[Ordinates] = field(default_factory=list)


class Placemarks:
    """Gathers placemarks; `rows` are those that are complete since it was last emptied."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.network_links = 0
        self.unread_shapes = 0
        self._path: list[str] = []
        self._folders: list[str] = []
        self._row: Row | None = None
        self._parts: list[shapely.Geometry] = []
        self._ring = _Ring()
        self._places: Ordinates = np.empty((0, 2))
        self._track: list[str] = []
        self._data = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        if name in FOLDERS:
            self._folders.append("")
        elif name == "Placemark":
            self._row, self._parts = Row(), []
        elif name == "NetworkLink":
            self.network_links += 1
        elif name == "Polygon":
            self._ring = _Ring()
        elif name == "Track":
            self._track = []
        elif name in ("Data", "SimpleData"):
            self._data = attributes.get("name", "").strip()

    def end(self, name: str, text: str) -> None:
        self._path.pop()
        parent = self._path[-1] if self._path else ""
        if name in FOLDERS:
            self._folders.pop()
        elif name == "Placemark":
            self._finish()
        elif name == "name" and parent in FOLDERS:
            self._folders[-1] = text
        elif self._row is not None:
            self._cell(name, parent, text)
            self._shape(name, parent, text)

    def _finish(self) -> None:
        if self._row is None:
            return
        folder = BETWEEN_FOLDERS.join(each for each in self._folders if each)
        if folder:
            self._row.cells[FOLDER_COLUMN] = folder
        self._row.shape = collected(self._parts)
        self.rows.append(self._row)
        self._row = None

    def _cell(self, name: str, parent: str, text: str) -> None:
        if self._row is None or not text:
            return
        if name in PLAIN and parent in ("Placemark", "TimeStamp", "TimeSpan"):
            self._row.cells[name] = text
        elif self._data and (name == "SimpleData" or (name == "value" and parent == "Data")):
            # A column of the data may be called as one of the placemark's own: both are kept.
            taken = self._data in PLAIN or self._data == FOLDER_COLUMN
            self._row.cells[f"{self._data}_data" if taken else self._data] = text

    def _shape(self, name: str, parent: str, text: str) -> None:
        if name == "coordinates":
            self._places = ordinates(text)
        elif name == "coord":
            self._track.append(",".join(text.split()))
        elif name == "LinearRing" and parent == "outerBoundaryIs":
            self._ring.outer = self._places
        elif name == "LinearRing" and parent == "innerBoundaryIs":
            self._ring.inner.append(self._places)
        elif name == "Point":
            self._add(point(self._places))
        elif name in ("LineString", "LinearRing"):
            self._add(line(self._places))
        elif name == "Track":
            self._add(line(ordinates(" ".join(self._track))))
        elif name == "Polygon" and self._ring.outer is not None:
            self._add(polygon(self._ring.outer, self._ring.inner))

    def _add(self, shape: shapely.Geometry | None) -> None:
        if shape is None:
            self.unread_shapes += 1
        else:
            self._parts.append(shape)
        self._places = np.empty((0, 2))
