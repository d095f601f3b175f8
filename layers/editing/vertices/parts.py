"""Shapes of several parts: which part is which, and what became of each.

Parts have no names, so they are matched with base by what they hold: the same ones first, then by
most vertices in common, then the last one left with the last one left.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from layers.editing.vertices.alignment import Vertex
from layers.editing.vertices.clash import GeometryClash, Reason

Part = TypeVar("Part")


@dataclass(frozen=True)
class Make(Generic[Part]):
    """What parts of one make have in common. `key` is the same for what is the same part."""

    key: Callable[[Part], Any]
    vertices: Callable[[Part], Sequence[Vertex]]
    merged: Callable[[Part, Part, Part], Part]


def merged_parts(
    make: Make[Part], base: Sequence[Part], mine: Sequence[Part], theirs: Sequence[Part]
) -> list[Part]:
    """Base's parts in their order as both changed them, then the parts either has added.

    Raises GeometryClash.
    """
    my_part, my_added = matched(make, base, mine)
    their_part, their_added = matched(make, base, theirs)
    kept = [
        _merged(make, part, my_part.get(index), their_part.get(index))
        for index, part in enumerate(base)
    ]
    return [part for part in kept if part is not None] + _added(make, my_added, their_added)


def merged_part(make: Make[Part], base: Part, mine: Part, theirs: Part) -> Part:
    """Raises GeometryClash."""
    was, my_key, their_key = make.key(base), make.key(mine), make.key(theirs)
    if my_key == was:
        # Nobody did more than store it another way: it stays as it is.
        return base if their_key == was else theirs
    if their_key in (was, my_key):
        return mine
    return make.merged(base, mine, theirs)


def _merged(make: Make[Part], base: Part, mine: Part | None, theirs: Part | None) -> Part | None:
    if mine is not None and theirs is not None:
        return merged_part(make, base, mine, theirs)
    left = mine if mine is not None else theirs
    if left is not None and make.key(left) != make.key(base):
        raise GeometryClash(Reason.PART_CHANGED_AND_REMOVED)
    return None


def _added(make: Make[Part], mine: Sequence[Part], theirs: Sequence[Part]) -> list[Part]:
    """What either added, the same part once; in an order that does not depend on the sides."""
    found = {make.key(part): part for part in (*theirs, *mine)}
    return [found[key] for key in sorted(found)]


def matched(
    make: Make[Part], base: Sequence[Part], side: Sequence[Part]
) -> tuple[dict[int, Part], list[Part]]:
    """Side's part for each of base's that it still has, by index, and the parts it has added."""
    if len(base) == len(side) == 1:
        return {0: side[0]}, []
    found: dict[int, int] = _the_same(make, base, side)
    found |= _alike(make, base, side, found)
    old = [index for index in range(len(base)) if index not in found]
    taken = set(found.values())
    new = [index for index in range(len(side)) if index not in taken]
    if len(old) == len(new) == 1:
        found[old[0]] = new.pop()
    return {i: side[j] for i, j in found.items()}, [side[j] for j in new]


def _the_same(make: Make[Part], base: Sequence[Part], side: Sequence[Part]) -> dict[int, int]:
    places: dict[Hashable, list[int]] = defaultdict(list)
    for index in reversed(range(len(side))):
        places[make.key(side[index])].append(index)
    return {
        index: places[key].pop()
        for index, part in enumerate(base)
        if places.get(key := make.key(part))
    }


def _alike(
    make: Make[Part], base: Sequence[Part], side: Sequence[Part], found: dict[int, int]
) -> dict[int, int]:
    """Pairs with vertices in common, those with most of them first."""
    owners: dict[Vertex, set[int]] = defaultdict(set)
    for i in range(len(base)):
        if i not in found:
            for vertex in make.vertices(base[i]):
                owners[vertex].add(i)
    taken = set(found.values())
    shared = Counter(
        (i, j)
        for j in range(len(side))
        if j not in taken
        for vertex in set(make.vertices(side[j]))
        for i in owners.get(vertex, ())
    )
    # Of equals the one with the smaller key goes first: the order of parts says nothing.
    order = sorted(shared, key=lambda pair: (-shared[pair], pair[0], make.key(side[pair[1]])))
    pairs: dict[int, int] = {}
    for i, j in order:
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs
