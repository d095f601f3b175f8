"""Three-way merge of a feature's state: field by field, vertex by vertex, and no database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import shapely

from layers.access.personal import seal, unseal
from layers.crs import CGCS2000
from layers.editing.rows import GEOMETRY, PERSONAL, PROVENANCE, State
from layers.editing.values import Json
from layers.editing.vertices import GeometryClash, merge_geometries
from layers.registry.specification import Layer


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that both sides changed, and changed differently."""

    field: str
    base: Json
    mine: Json
    theirs: Json


class Unmergeable(ValueError):
    """Both sides changed the same thing differently."""


def merge(
    layer: Layer,
    *,
    base: Mapping[str, Json],
    mine: Mapping[str, Json],
    theirs: Mapping[str, Json],
) -> tuple[State, list[Clash]]:
    """What of `mine` is to be written over `theirs`, and where the two clash.

    `mine` holds the fields I changed, `base` their values as I saw them, `theirs` the values now.
    A field that only I changed is taken; one both set to the same value is left; geometry and
    personal data are merged inside. How a place became known goes with whoever moves it, and
    clashes with nothing.
    """
    taken: State = {}
    clashes: list[Clash] = []
    for field, value in mine.items():
        try:
            merged = _merged(layer, field, base[field], value, theirs[field])
        except Unmergeable:
            clashes.append(_clash(field, base[field], value, theirs[field]))
            continue
        if merged != theirs[field]:
            taken[field] = merged
    return taken, clashes


def _merged(layer: Layer, field: str, base: Json, mine: Json, theirs: Json) -> Json:
    """Raises Unmergeable."""
    if mine in (base, theirs) and field not in PROVENANCE:
        return theirs
    if theirs == base or field in PROVENANCE:
        return mine
    merger = _MERGERS.get(field)
    if merger is None:
        raise Unmergeable(field)
    return merger(layer, base, mine, theirs)


def _geometry(_layer: Layer, base: Json, mine: Json, theirs: Json) -> str:
    if base is None or mine is None or theirs is None:
        raise Unmergeable(GEOMETRY)
    sides = [shapely.from_wkb(side) for side in (base, mine, theirs)]
    try:
        merged = merge_geometries(base=sides[0], mine=sides[1], theirs=sides[2])
    except GeometryClash as clash:
        raise Unmergeable(GEOMETRY) from clash
    with_srid = shapely.set_srid(merged, CGCS2000)
    return str(shapely.to_wkb(with_srid, hex=True, include_srid=True))


def _personal(layer: Layer, base: Json, mine: Json, theirs: Json) -> Json:
    """Field by field inside the sealed boxes; two boxes never look alike, whatever they hold."""
    was, wanted, now = (unseal(layer, opened(box)) for box in (base, mine, theirs))
    merged = dict(now)
    for name in was.keys() | wanted.keys() | now.keys():
        before, my, their = was.get(name, ""), wanted.get(name, ""), now.get(name, "")
        if my in (before, their):
            continue
        if their != before:
            raise Unmergeable(PERSONAL)
        merged[name] = my
    if merged == now:
        return theirs
    box = seal(layer, merged)
    return closed(box) if box else None


def opened(box: Json) -> bytes | None:
    """The bytes of a box in the journal's form."""
    return bytes.fromhex(str(box).removeprefix("\\x")) if box else None


def closed(box: bytes) -> str:
    return "\\x" + box.hex()


_MERGERS: dict[str, Callable[[Layer, Json, Json, Json], Json]] = {
    GEOMETRY: _geometry,
    PERSONAL: _personal,
}


def _clash(field: str, base: Json, mine: Json, theirs: Json) -> Clash:
    """Personal data do not leave their box, not even to tell what clashes."""
    if field == PERSONAL:
        return Clash(field, None, None, None)
    return Clash(field, base, mine, theirs)
