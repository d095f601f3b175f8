"""Three-way merge of attribute states: pure functions, no database."""

from collections.abc import Mapping
from dataclasses import dataclass

from layers.editing.rows import State
from layers.editing.values import Json


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that both sides changed, and changed differently."""

    field: str
    base: Json
    mine: Json
    theirs: Json


def merge(
    *, base: Mapping[str, Json], mine: Mapping[str, Json], theirs: Mapping[str, Json]
) -> tuple[State, list[Clash]]:
    """What of `mine` is to be written over `theirs`, and where the two clash.

    `mine` holds the fields I changed, `base` their values when I read them, `theirs` the values
    now. A field that only I changed is taken; one both set to the same value is left.

    >>> merge(base={"a": 1, "b": 1}, mine={"a": 2, "b": 3}, theirs={"a": 1, "b": 1})
    ({'a': 2, 'b': 3}, [])
    >>> merge(base={"a": 1}, mine={"a": 2}, theirs={"a": 3})[1]
    [Clash(field='a', base=1, mine=2, theirs=3)]
    """
    taken: State = {}
    clashes: list[Clash] = []
    for field, value in mine.items():
        if value == theirs[field]:
            continue
        if theirs[field] == base[field]:
            taken[field] = value
        else:
            clashes.append(Clash(field, base[field], value, theirs[field]))
    return taken, clashes
