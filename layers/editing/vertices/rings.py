"""Rings: closed, and free to start anywhere and to run either way round.

A ring is given open here: without the last vertex that repeats the first. Editors store the same
ring from another start or in the other direction; both are laid over base before they are compared,
and the result keeps base's start and direction.
"""

from itertools import pairwise

from layers.editing.vertices.alignment import Pairs, Vertex, Vertices, anchors
from layers.editing.vertices.script import NOWHERE, Run, Script, combined, script_of, turned


def merged_ring(base: Vertices, mine: Vertices, theirs: Vertices) -> Run:
    """Raises GeometryClash."""
    return combined(ring_script(base, mine), ring_script(base, theirs), closed=True)


def ring_script(base: Vertices, side: Vertices) -> Script:
    """How a ring became another: both are read from a vertex on that they have in common."""
    pairs = anchors(base, side)
    if not pairs:
        return Script([NOWHERE] * len(base), {0: list(side)}, [True] * len(base))
    if runs_backwards(base, side, pairs):
        side = side[::-1]
        pairs = [(i, len(side) - 1 - j) for i, j in pairs]
    i, j = _firm(pairs, len(base), len(side))
    return turned(script_of([*base[i:], *base[:i]], [*side[j:], *side[:j]]), i)


def runs_backwards(base: Vertices, side: Vertices, pairs: Pairs) -> bool:
    """By the order of the vertices in common; two are in order either way, and none tells less."""
    if len(pairs) > 2:
        places = [j for _i, j in pairs]
        rising = sum(one < other for one, other in pairwise([*places, places[0]]))
        return rising < len(places) - rising
    if len(pairs) == 2:
        (i, j), (k, m) = pairs
        apart = (k - i) % len(base)
        forwards, backwards = (m - j) % len(side), (j - m) % len(side)
        if abs(forwards - apart) != abs(backwards - apart):
            return abs(backwards - apart) < abs(forwards - apart)
    return (doubled_area(base) < 0) != (doubled_area(side) < 0)


def doubled_area(ring: Vertices) -> float:
    """Positive where the ring runs anticlockwise, in square units of the ordinates."""
    x, y = ring[0]
    return sum(
        (one[0] - x) * (other[1] - y) - (other[0] - x) * (one[1] - y)
        for one, other in pairwise([*ring, ring[0]])
    )


def ring_key(ring: Vertices) -> tuple[Vertex, ...]:
    """The same for the same ring, wherever it starts and whichever way it runs."""
    forwards = list(ring) if doubled_area(ring) > 0 else list(ring[::-1])
    start = forwards.index(min(forwards))
    return (*forwards[start:], *forwards[:start])


def _firm(pairs: Pairs, base_size: int, side_size: int) -> tuple[int, int]:
    """A common vertex whose follower is common too, if there is one: it surely stayed in place."""
    for (i, j), (k, m) in pairwise([*pairs, pairs[0]]):
        if k == (i + 1) % base_size and m == (j + 1) % side_size:
            return i, j
    return pairs[0]
