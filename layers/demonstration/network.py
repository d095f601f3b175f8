"""Which places a road joins: the shortest tree inside a county, and the lines it follows."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.demonstration.streams import Stream
from layers.demonstration.territory import PLACES, XY, Territory, metres

METRES_A_VERTEX = 220.0
MOST_VERTICES = 48
WAVES = 5
BEND = 0.1
"""How far the longest wave leads off the straight line, as a share of its length."""

LOOP_GAIN = 2.2
"""A second way is worth a road when it is this many times shorter than the way round."""


@dataclass
class Tree:
    """Edges (from, to) that grow from node 0; a node's edge comes after that of where it hangs."""

    edges: list[tuple[int, int]] = field(default_factory=list)
    loops: list[tuple[int, int]] = field(default_factory=list)


def passable(territory: Territory, xy: XY) -> NDArray[np.float64]:
    """Straight distances in metres between all places; infinite where a line leaves the county."""
    count = len(xy)
    one, other = np.triu_indices(count, 1)
    lines = shapely.linestrings(np.stack([xy[one], xy[other]], axis=1))
    inside = shapely.covers(territory.polygon, lines)
    plane = metres(xy)
    lengths = np.hypot(*(plane[one] - plane[other]).T)
    distances = np.full((count, count), np.inf)
    distances[one, other] = distances[other, one] = np.where(inside, lengths, np.inf)
    return distances


def spanning(distances: NDArray[np.float64], real: int, loops: int) -> Tree:
    """Join the first `real` places from place 0 on (Prim); the others are junctions.

    A place that no straight line reaches is reached over junctions, by the shortest path (the
    county may be concave); when there is none, it is left out.
    """
    tree = Tree()
    ways = np.full(distances.shape, np.inf)
    ways[0, 0] = 0.0
    joined = [0]
    waiting = set(range(1, real))
    while waiting:
        path = _next_path(distances, joined, sorted(waiting))
        if not path:
            break
        for start, end in pairwise(path):
            tree.edges.append((start, end))
            ways[end, joined] = ways[joined, end] = ways[start, joined] + distances[start, end]
            ways[end, end] = 0.0
            joined.append(end)
            waiting.discard(end)
    tree.loops = _worthwhile(distances, ways, [each for each in joined if each < real], loops)
    return tree


def _next_path(distances: NDArray[np.float64], joined: list[int], waiting: list[int]) -> list[int]:
    near = distances[np.ix_(joined, waiting)]
    start, end = np.unravel_index(int(near.argmin()), near.shape)
    if np.isfinite(near[start, end]):
        return [joined[start], waiting[end]]
    return _path_over_junctions(distances, joined, waiting)


def _path_over_junctions(
    distances: NDArray[np.float64], joined: list[int], waiting: list[int]
) -> list[int]:
    """Dijkstra from all joined places at once to the first waiting one; empty without a way."""
    count = len(distances)
    best = np.full(count, np.inf)
    best[joined] = 0.0
    before = np.full(count, -1)
    open_ = np.ones(count, dtype=bool)
    targets = set(waiting)
    while True:
        current = int(np.where(open_, best, np.inf).argmin())
        if not open_[current] or not np.isfinite(best[current]):
            return []
        if current in targets:
            break
        open_[current] = False
        through = best[current] + distances[current]
        better = open_ & (through < best)
        best[better], before[better] = through[better], current
    path = [current]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return path[::-1]


def _worthwhile(
    distances: NDArray[np.float64], ways: NDArray[np.float64], places: list[int], most: int
) -> list[tuple[int, int]]:
    """Pairs of places for which a road of their own saves the most."""
    if most <= 0 or len(places) < 3:
        return []
    index = np.array(places)
    one, other = np.triu_indices(len(index), 1)
    direct = distances[index[one], index[other]]
    gain = ways[index[one], index[other]] / direct
    order = np.argsort(-gain, kind="stable")[:most]
    return [(int(index[one[at]]), int(index[other[at]])) for at in order if gain[at] >= LOOP_GAIN]


def meandering(rng: Stream, territory: Territory, starts: XY, ends: XY) -> NDArray[np.object_]:
    """Lines from starts to ends with gentle bends, inside the county; ends are met exactly.

    A line that leaves the county bends less and less, until it is straight.
    """
    amplitude = np.full(len(starts), BEND)
    phases = rng.normal(0, 1, (len(starts), WAVES))
    lines = _bent(starts, ends, phases, amplitude)
    for _attempt in range(4):
        outside = np.flatnonzero(~shapely.covers(territory.polygon, lines))
        if not len(outside):
            return lines
        amplitude[outside] *= 0.35 if _attempt < 3 else 0.0
        lines[outside] = _bent(starts[outside], ends[outside], phases[outside], amplitude[outside])
    return lines


def _bent(
    starts: XY, ends: XY, phases: NDArray[np.float64], amplitude: NDArray[np.float64]
) -> NDArray[np.object_]:
    """Sums of sines that vanish at both ends, across the straight line; all lines at once."""
    if not len(starts):
        return np.empty(0, dtype=object)
    plane = metres(np.concatenate([starts, ends]))
    length = np.hypot(*(plane[: len(starts)] - plane[len(starts) :]).T)
    vertices = np.clip((length / METRES_A_VERTEX).astype(np.int64) + 2, 4, MOST_VERTICES)
    line = np.repeat(np.arange(len(starts)), vertices)
    first = np.cumsum(vertices) - vertices
    along = (np.arange(len(line)) - first[line]) / (vertices[line] - 1)
    wave = np.arange(1, WAVES + 1)
    bend = (np.sin(np.pi * along[:, None] * wave) * phases[line] / wave**1.3).sum(axis=1)
    course = ends - starts
    shrink = np.cos(np.radians(starts[:, 1]))
    across = np.column_stack([-course[:, 1] / shrink, course[:, 0] * shrink])
    xy = starts[line] + course[line] * along[:, None]
    xy += across[line] * (bend * amplitude[line])[:, None]
    xy = np.round(xy, PLACES)
    xy[first], xy[first + vertices - 1] = starts, ends
    lines: NDArray[np.object_] = shapely.linestrings(xy, indices=line)
    return lines
