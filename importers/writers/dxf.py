"""DXF for CAD: shapes on a drawing layer for each class, without attributes.

The version of AutoCAD R12 (AC1009), which every CAD program reads, with texts in GBK as Chinese
ones expect ($DWGCODEPAGE ANSI_936; what GBK lacks as \\U+XXXX). DXF has no place for a reference
system: comments (group 999) at the top say it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import shapely
from django.utils.translation import gettext as _

from importers.phrases import gettext_noop
from importers.writers.specification import GEOMETRY_COLUMN, DrawingLayer, Rows, Written

CODEPAGE, ENCODING = "ANSI_936", "gbk"
_NOT_IN_LAYER_NAMES = str.maketrans(dict.fromkeys('<>/\\":;?*|,=`', "_"))
# AutoCAD's colour index: the first seven are the pure ones, 7 is black on white.
INDEXED = {
    1: (255, 0, 0),
    2: (255, 255, 0),
    3: (0, 255, 0),
    4: (0, 255, 255),
    5: (0, 0, 255),
    6: (255, 0, 255),
    8: (128, 128, 128),
    30: (255, 127, 0),
    94: (0, 127, 0),
    136: (0, 95, 127),
    14: (127, 0, 0),
    200: (191, 0, 255),
}


class DxfWriter:
    def write(self, rows: Rows, target: Path) -> Written:
        lost = 0
        with target.open("xb") as file:
            file.write(_bytes(_head(rows)))
            drawing = _Drawing(rows)
            for batch in rows.batches:
                lost += batch.column(GEOMETRY_COLUMN).null_count
                file.write(_bytes(drawing.entities(batch)))
            file.write(_bytes(iter([(0, "ENDSEC"), (0, "EOF")])))
        notes: list[tuple[str, dict[str, Any]]] = [
            (gettext_noop("A DXF holds shapes and their class, no other values."), {})
        ]
        if lost:
            text = gettext_noop("%(count)d rows without a place are not in the drawing.")
            notes.append((text, {"count": lost}))
        return Written(notes)


Group = tuple[int, object]


def _bytes(groups: Iterator[Group]) -> bytes:
    return b"".join(f"{code}\n".encode() + _encoded(value) + b"\n" for code, value in groups)


def _encoded(value: object) -> bytes:
    """GBK, and \\U+XXXX for the rest: the escape that AutoCAD reads in any code page."""
    text = str(value).replace("\r", " ").replace("\n", " ")
    return b"".join(_character(each) for each in text) if not text.isascii() else text.encode()


def _character(letter: str) -> bytes:
    try:
        return letter.encode(ENCODING)
    except UnicodeEncodeError:
        return f"\\U+{ord(letter):04X}".encode()


def _head(rows: Rows) -> Iterator[Group]:
    for label, text in rows.about:
        yield 999, f"{label}: {text}"
    yield from [(0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, "AC1009")]
    yield from [(9, "$DWGCODEPAGE"), (3, CODEPAGE), (0, "ENDSEC")]
    yield from [(0, "SECTION"), (2, "TABLES"), (0, "TABLE"), (2, "LAYER")]
    drawn = [*rows.classes, DrawingLayer(_("other"), rows.color)]
    yield 70, len(drawn)
    for each in drawn:
        yield from [(0, "LAYER"), (2, layer_name(each.label)), (70, 0)]
        yield from [(62, color_index(each.color)), (6, "CONTINUOUS")]
    yield from [(0, "ENDTAB"), (0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES")]


def layer_name(label: str) -> str:
    return label.translate(_NOT_IN_LAYER_NAMES)


def color_index(color: str) -> int:
    """The index nearest to #rrggbb."""
    wanted = [int(color[at : at + 2], 16) for at in (1, 3, 5)]

    def distance(index: int) -> int:
        return sum((a - b) ** 2 for a, b in zip(INDEXED[index], wanted, strict=True))

    return min(INDEXED, key=distance)


class _Drawing:
    def __init__(self, rows: Rows) -> None:
        self._class = rows.position(rows.classify)
        self._names = {each.label: layer_name(each.label) for each in rows.classes}
        self._other = layer_name(_("other"))

    def entities(self, batch: pa.RecordBatch) -> Iterator[Group]:
        shapes = shapely.from_wkb(batch.column(GEOMETRY_COLUMN).to_numpy(zero_copy_only=False))
        labels: list[Any] = [None] * len(shapes)
        if self._class is not None:
            labels = batch.column(self._class).to_pylist()
        for label, shape in zip(labels, shapes, strict=True):
            if shape is not None:
                layer = self._names.get(label, self._other)
                for part in shapely.get_parts(shape):
                    yield from _entity(layer, part)


def _entity(layer: str, shape: Any) -> Iterator[Group]:
    if shape.geom_type == "Point":
        yield from [(0, "POINT"), (8, layer), (10, repr(shape.x)), (20, repr(shape.y)), (30, "0.0")]
    elif shape.geom_type == "Polygon":
        for ring in (shape.exterior, *shape.interiors):
            yield from _polyline(layer, ring.coords[:-1], closed=True)
    else:
        yield from _polyline(layer, shape.coords, closed=False)


def _polyline(layer: str, places: Any, *, closed: bool) -> Iterator[Group]:
    yield from [(0, "POLYLINE"), (8, layer), (66, 1), (70, int(closed))]
    yield from [(10, "0.0"), (20, "0.0"), (30, "0.0")]
    for x, y in places:
        yield from [(0, "VERTEX"), (8, layer), (10, repr(x)), (20, repr(y)), (30, "0.0")]
    yield from [(0, "SEQEND"), (8, layer)]
