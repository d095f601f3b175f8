"""Which vertex of a changed line is which vertex of the line it came from.

Vertices that occur once on both sides are anchors (as in a patience diff); what lies between two
anchors is paired in order, nearest first. So a moved vertex is known as moved, not as one that was
taken out and another that was put in, and two people who move neighbours do not clash. A general
diff (difflib) is quadratic where ordinates repeat; this stays near linear.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

Vertex = tuple[float, float]
Vertices = Sequence[Vertex]
Pairs = list[tuple[int, int]]
"""(index in base, index in side)."""

DELETED, REDRAWN = -1, -2
MOST_CELLS = 2_000_000
"""Pairings weighed in one gap, of 8 bytes each. Above it the gap counts as redrawn as a whole."""


class Gap(NamedTuple):
    """base[low:high] and side[start:end], not yet aligned with each other."""

    low: int
    high: int
    start: int
    end: int


def anchors(base: Vertices, side: Vertices) -> Pairs:
    """The vertices that occur once in each, in base's order."""
    once = {vertex for vertex, count in Counter(side).items() if count == 1}
    counted = Counter(base)
    places = {vertex: index for index, vertex in enumerate(side) if vertex in once}
    return [
        (index, places[vertex])
        for index, vertex in enumerate(base)
        if vertex in places and counted[vertex] == 1
    ]


def align(base: Vertices, side: Vertices) -> list[int]:
    """For each vertex of base its index in side, rising; where it has none DELETED, or REDRAWN in a
    stretch that has become another without telling vertex by vertex how."""
    partners = [DELETED] * len(base)
    gaps = [Gap(0, len(base), 0, len(side))]
    while gaps:
        low, high, start, end = gap = _trimmed(base, side, partners, gaps.pop())
        # One vertex needs no anchor: what is nearest to it is the same one, if that is there.
        single = min(high - low, end - start) < 2
        rising = [] if single else _rising(anchors(base[low:high], side[start:end]))
        if not rising:
            _pair(base, side, partners, gap)
            continue
        for i, j in rising:
            partners[gap.low + i] = gap.start + j
            gaps.append(Gap(low, gap.low + i, start, gap.start + j))
            low, start = gap.low + i + 1, gap.start + j + 1
        gaps.append(Gap(low, high, start, end))
    return partners


def _trimmed(base: Vertices, side: Vertices, partners: list[int], gap: Gap) -> Gap:
    """The gap without what is the same at its beginning and its end, which is aligned at once."""
    low, high, start, end = gap
    while low < high and start < end and base[low] == side[start]:
        partners[low] = start
        low, start = low + 1, start + 1
    while low < high and start < end and base[high - 1] == side[end - 1]:
        high, end = high - 1, end - 1
        partners[high] = end
    return Gap(low, high, start, end)


def _rising(pairs: Pairs) -> Pairs:
    """The longest run of pairs that rises on both sides; the others were put elsewhere."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_i, j) in enumerate(pairs):
        at = bisect_left(tails, j)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [j]
        ends[at : at + 1] = [number]
    found = []
    number = ends[-1] if ends else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _pair(base: Vertices, side: Vertices, partners: list[int], gap: Gap) -> None:
    """Pair what is left in a gap in order, as many as there are; where one has more, those nearest
    to each other. What remains in base is deleted, in side inserted."""
    low, high, start, end = gap
    old, new = high - low, end - start
    if old == new:
        partners[low:high] = range(start, end)
    elif old and new and min(old, new) * (abs(old - new) + 1) <= MOST_CELLS:
        if old < new:
            partners[low:high] = [start + at for at in _nearest(base[low:high], side[start:end])]
        else:
            for j, at in enumerate(_nearest(side[start:end], base[low:high])):
                partners[low + at] = start + j
    elif old and new:
        partners[low:high] = [REDRAWN] * old


def _nearest(few: Vertices, many: Vertices) -> list[int]:
    """For each of the few one of the many, rising, with the least sum of distances.

    best[i, o] is the least sum for the first i + 1 where the last takes many[i + o] at most.
    """
    one, other = np.asarray(few, dtype=float), np.asarray(many, dtype=float)
    spare = len(many) - len(few) + 1
    best = np.empty((len(few), spare))
    so_far = np.zeros(spare)
    for i, vertex in enumerate(one):
        away = np.hypot(*(other[i : i + spare] - vertex).T)
        so_far = np.minimum.accumulate(so_far + away)
        best[i] = so_far
    taken = []
    offset = spare - 1
    for i in range(len(few) - 1, -1, -1):
        offset = int(np.searchsorted(-best[i, : offset + 1], -best[i, offset]))
        taken.append(i + offset)
    return taken[::-1]
