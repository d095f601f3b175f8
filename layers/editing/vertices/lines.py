"""Lines and point lists: one run of vertices each."""

from itertools import pairwise

from layers.editing.vertices.alignment import Vertices, anchors
from layers.editing.vertices.script import Run, combined, gathered, script_of


def merged_line(base: Vertices, mine: Vertices, theirs: Vertices) -> Run:
    """Raises GeometryClash. A line that one side turned round is turned round in the result."""
    my_way, their_way = reversed_against(base, mine), reversed_against(base, theirs)
    merged = combined(
        script_of(base, mine[::-1] if my_way else mine),
        script_of(base, theirs[::-1] if their_way else theirs),
    )
    return merged[::-1] if my_way or their_way else merged


def merged_points(base: Vertices, mine: Vertices, theirs: Vertices) -> Run:
    """Raises GeometryClash where both moved a point, or one moved it and the other took it out."""
    return gathered(script_of(base, mine), script_of(base, theirs))


def reversed_against(base: Vertices, side: Vertices) -> bool:
    """Whether the vertices that both have stand in the opposite order."""
    places = [place for _index, place in anchors(base, side)]
    rising = sum(one < other for one, other in pairwise(places))
    return rising < len(places) - 1 - rising
