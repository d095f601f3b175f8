"""A box of longitudes and latitudes as ranges of the Morton codes that rows of points carry.

An index range is read in order and stops when a page is full, whatever the box holds; a GiST scan
would have to find and sort every feature of the box for each page. Ranges that lie inside the box
are counted from the index alone.
"""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

ZOOM = 24
SIDE = 1 << ZOOM
MOST_EDGE_CELLS = 96
# The database computes a row's code with its own sine and logarithm: a cell more at each edge
# makes any difference in the last digit harmless.
MARGIN = 1


class Span(NamedTuple):
    """Morton codes from first to last; `inside`: every place in it is in the box."""

    first: int
    last: int
    inside: bool


class Cells(NamedTuple):
    """Columns and rows at zoom 24, both ends inside."""

    left: int
    top: int
    right: int
    bottom: int


@lru_cache(maxsize=64)
def spans(west: float, south: float, east: float, north: float) -> tuple[Span, ...]:
    """Disjoint spans in ascending order that cover the box (degrees)."""
    left, right = _column(west), _column(east)
    top, bottom = _row(north), _row(south)
    outer = Cells(left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN)
    inner = Cells(left + MARGIN + 1, top + MARGIN + 1, right - MARGIN - 1, bottom - MARGIN - 1)
    return tuple(merged(_cover(outer, inner)))


def split(whole: Sequence[Span], pieces: int) -> list[Span]:
    """The same spans in at least so many pieces of about the same size, in the same order."""
    size = max(1, sum(span.last - span.first + 1 for span in whole) // pieces)
    return [
        Span(first, min(first + size - 1, span.last), span.inside)
        for span in whole
        for first in range(span.first, span.last + 1, size)
    ]


def _column(longitude: float) -> int:
    return math.floor((longitude + 180) / 360 * SIDE)


def _row(latitude: float) -> int:
    radians = math.radians(max(-89.9, min(89.9, latitude)))
    return math.floor((1 - math.asinh(math.tan(radians)) / math.pi) / 2 * SIDE)


def _cover(outer: Cells, inner: Cells) -> list[Span]:
    """Halves the cells at the edge until they are many; cells are (code, column, row) at a zoom."""
    found: list[Span] = []
    edge = [(0, 0, 0)]
    for zoom in range(ZOOM + 1):
        shift = ZOOM - zoom
        still: list[tuple[int, int, int]] = []
        for code, column, row in edge:
            left, top = column << shift, row << shift
            right, bottom = left + (1 << shift) - 1, top + (1 << shift) - 1
            if left > outer.right or right < outer.left or top > outer.bottom or bottom < outer.top:
                continue
            if (
                left >= inner.left
                and right <= inner.right
                and top >= inner.top
                and bottom <= inner.bottom
            ):
                found.append(_span(code, shift, inside=True))
            else:
                still.append((code, column, row))
        if zoom == ZOOM or len(still) > MOST_EDGE_CELLS:
            break
        edge = [
            (code << 2 | down << 1 | across, column << 1 | across, row << 1 | down)
            for code, column, row in still
            for down in (0, 1)
            for across in (0, 1)
        ]
    return found + [_span(code, shift, inside=False) for code, _column, _row in still]


def _span(code: int, shift: int, *, inside: bool) -> Span:
    return Span(code << 2 * shift, ((code + 1) << 2 * shift) - 1, inside)


def merged(found: Iterable[Span]) -> list[Span]:
    """In ascending order; neighbours joined, and spans that overlap (those of two boxes)."""
    joined: list[Span] = []
    for span in sorted(found):
        before = joined[-1] if joined else None
        if before and span.first <= before.last:
            joined[-1] = Span(before.first, max(before.last, span.last), inside=False)
        elif before and before.last + 1 == span.first and before.inside == span.inside:
            joined[-1] = Span(before.first, span.last, span.inside)
        else:
            joined.append(span)
    return joined
