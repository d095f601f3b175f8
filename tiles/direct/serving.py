"""Runs a direct tile's statements. Its tag is of its bytes: these rows have no version."""

from collections.abc import Collection

from layers.access import policy
from layers.access.policy import Actor, Scope
from layers.registry import layer_named
from layers.registry.specification import Layer
from tiles.direct import from_overview, statements
from tiles.direct.squares import Square
from tiles.direct.statements import Drawing
from tiles.direct.states import State
from tiles.serving import Served, by_bytes, one_row, within_time
from tiles.statements import REFERENCES


def serve(
    name: str, square: Square, state: State, user: Actor, known: Collection[str] = ()
) -> Served:
    """One tile for one reader. Raises NotFound for an unknown layer, Busy on the time limit."""
    if name in REFERENCES:
        drawn = within_time(lambda: one_row(statements.boundaries(name, square, state)))
        return by_bytes(drawn[0], known)
    layer = layer_named(name)
    scope = policy.scope(user)
    if scope.empty:
        return by_bytes(b"", known)
    return by_bytes(within_time(lambda: _drawn(layer, square, state, scope)), known)


def _drawn(layer: Layer, square: Square, state: State, scope: Scope) -> bytes:
    told = from_overview.counted(layer, square, state, scope)
    if told is not None and told.cells is not None:
        return told.cells
    drawing = Drawing(layer, square, state.rows(layer), scope)
    count = told.features if told is not None else int(one_row(drawing.counted())[0])
    found = drawing.raw() if square.is_raw(count) else drawing.cells(count)
    return bytes(one_row(found)[0])
