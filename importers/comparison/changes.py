"""What a row changes in the feature it is of: the edits to ask the editing service for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from importers.comparison.history import History
from importers.comparison.values import closed_box, opened_box, same
from layers.editing.rows import GEOMETRY, PERSONAL, State
from layers.editing.values import Json
from layers.registry import Layer


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row says that a feature does not: journal values by field; personal ones apart, open.
    `provenance` goes with the geometry."""

    values: State
    secrets: Mapping[str, str] = field(default_factory=dict)
    provenance: State = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One row's change of one feature. `parts`: from each base version on, the fields to set;
    `old` are the values that stand now. `cells` are the row's as they came, should it be refused.
    """

    number: int
    feature_id: int
    code: str
    parts: Mapping[int, State]
    old: State
    cells: list[Any] = field(default_factory=list)


def parts_of(
    layer: Layer, wanted: Wanted, current: State, version: int, history: History
) -> dict[int, State]:
    """The wanted fields by the version that each starts from, without what only repeats what an
    earlier delivery said. Of a field that none said anything of, that is the present version."""
    parts: dict[int, State] = {}
    for name, value in wanted.values.items():
        said = history.said(name, current.get(name))
        if said is not None and same(name, said.value, value):
            continue
        base = version if said is None else said.version
        part = parts.setdefault(base, {})
        part[name] = value
        if name == GEOMETRY:
            part |= wanted.provenance
    _add_secrets(layer, parts, wanted.secrets, current.get(PERSONAL), version, history)
    return parts


def _add_secrets(
    layer: Layer,
    parts: dict[int, State],
    secrets: Mapping[str, str],
    box: Json,
    version: int,
    history: History,
) -> None:
    """All personal fields are one field, the sealed box: compared open, one by one."""
    if not secrets:
        return
    said = history.said(PERSONAL, box)
    before = opened_box(layer, said.value) if said is not None else {}
    new = {name: value for name, value in secrets.items() if before.get(name) != value}
    if new:
        base = version if said is None else said.version
        now = opened_box(layer, box)
        parts.setdefault(base, {})[PERSONAL] = closed_box(layer, {**now, **new})
