"""What one side did to a line, vertex by vertex, and what both did to it together."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf

from layers.editing.vertices.alignment import DELETED, REDRAWN, Vertex, Vertices, align
from layers.editing.vertices.clash import GeometryClash, Reason

Run = list[Vertex]
NOWHERE: Vertex = (inf, inf)
"""In place of a vertex in a stretch that was redrawn: unlike one that was merely taken out, it
clashes with anything that the other side did to it."""


@dataclass(frozen=True)
class Script:
    """`vertices` has an entry a vertex of base: where it is now, None where it was taken out.

    `inserted` has the vertices put in before base's vertex of that index; the last index, one past
    the end, is the end of an open line.
    """

    vertices: list[Vertex | None]
    inserted: Mapping[int, Run]
    touched: list[bool]

    @cached_property
    def redrawn(self) -> bool:
        return all(self.touched)


def script_of(base: Vertices, side: Vertices) -> Script:
    """How an open line became another."""
    partners = align(base, side)
    inserted: dict[int, Run] = {}
    slot = done = 0
    for index, partner in enumerate(partners):
        if partner in (DELETED, REDRAWN):
            continue
        if partner > done:
            inserted[slot] = list(side[done:partner])
        slot, done = index + 1, partner + 1
    if done < len(side):
        inserted[slot] = list(side[done:])
    instead: dict[int, Vertex | None] = {DELETED: None, REDRAWN: NOWHERE}
    vertices = [side[each] if each >= 0 else instead[each] for each in partners]
    touched = [now != was for now, was in zip(vertices, base, strict=True)]
    return Script(vertices, inserted, touched)


def turned(script: Script, by: int) -> Script:
    """The script of a ring that was read from vertex `by` on, told from vertex 0 on."""
    size = len(script.vertices)
    inserted: dict[int, Run] = {}
    for slot, run in script.inserted.items():
        inserted.setdefault((slot + by) % size, []).extend(run)
    cut = size - by
    return Script(
        script.vertices[cut:] + script.vertices[:cut],
        inserted,
        script.touched[cut:] + script.touched[:cut],
    )


def combined(mine: Script, theirs: Script, *, closed: bool = False) -> Run:
    """Both scripts carried out. Raises GeometryClash.

    Vertices put into the same gap by both clash unless they are the same ones. So do vertices put
    between two that the other side both moved or took out, or anywhere in a line all of whose
    vertices it moved: they stand inside the other's change.
    """
    slots = {slot: _put_in(mine, theirs, slot, closed=closed) for slot in _slots(mine, theirs)}
    return _carried_out(mine, theirs, slots, closed=closed)


def gathered(mine: Script, theirs: Script) -> Run:
    """As combined, of points that stand for themselves: what each side added is kept."""
    slots = {
        slot: sorted({*mine.inserted.get(slot, ()), *theirs.inserted.get(slot, ())})
        for slot in _slots(mine, theirs)
    }
    return _carried_out(mine, theirs, slots, closed=False)


def _slots(mine: Script, theirs: Script) -> set[int]:
    return {*mine.inserted, *theirs.inserted}


def _put_in(mine: Script, theirs: Script, slot: int, *, closed: bool) -> Run:
    one, other = mine.inserted.get(slot), theirs.inserted.get(slot)
    if one == other:
        return one or []
    if one and other:
        raise GeometryClash(Reason.SAME_VERTEX)
    if _inside_change(mine if other else theirs, slot, closed=closed):
        raise GeometryClash(Reason.SAME_VERTEX)
    return one or other or []


def _inside_change(script: Script, slot: int, *, closed: bool) -> bool:
    size = len(script.vertices)
    if script.redrawn:
        return True
    if closed or 0 < slot < size:
        return script.touched[slot - 1] and script.touched[slot % size]
    # An end that was moved can still be gone on from; one that was taken out cannot.
    return script.vertices[0 if slot == 0 else -1] in (None, NOWHERE)


def _carried_out(mine: Script, theirs: Script, slots: Mapping[int, Run], *, closed: bool) -> Run:
    merged: Run = [] if closed else list(slots.get(0, ()))
    size = len(mine.vertices)
    for index in range(size):
        vertex = _vertex(mine, theirs, index)
        if vertex not in (None, NOWHERE):
            merged.append(vertex)
        # What stands before vertex 0 of a ring ends it, so that the ring still starts there.
        following = (index + 1) % size if closed else index + 1
        merged.extend(slots.get(following, ()))
    return merged


def _vertex(mine: Script, theirs: Script, index: int) -> Vertex | None:
    one, other = mine.vertices[index], theirs.vertices[index]
    if not theirs.touched[index] or one == other:
        return one
    if not mine.touched[index]:
        return other
    raise GeometryClash(Reason.SAME_VERTEX)
