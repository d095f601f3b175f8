"""Why two people's changes of one geometry cannot both stand."""

from enum import StrEnum


class Reason(StrEnum):
    """`SAME_VERTEX`: a vertex, or the gap between two, changed differently by both sides.

    `INVALID_TOGETHER`: each side is a valid shape, both together are not (a ring that crosses
    itself, a hole outside its shell, nothing left). `TYPE`: a point against a line and the like.
    """

    SAME_VERTEX = "same_vertex"
    PART_CHANGED_AND_REMOVED = "part_changed_and_removed"
    INVALID_TOGETHER = "invalid_together"
    TYPE = "type"


class GeometryClash(ValueError):
    """Both sides changed the geometry in ways that do not merge."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
