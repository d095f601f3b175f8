"""Reads an edit's values against the registry; gathers every problem, not only the first."""

from dataclasses import dataclass, field
from functools import cached_property

import shapely
from django.utils.translation import gettext as _

from layers.access.personal import seal, unseal
from layers.editing.geometry import GeometryProblem, read_geometry
from layers.editing.lists import Lists
from layers.editing.merge import opened
from layers.editing.request import EditRequest, Problem
from layers.editing.rows import GEOMETRY, PERSONAL, State, to_journal
from layers.editing.values import ValueProblem, read_value, readable
from layers.models.feature import Method
from layers.models.journal import Operation
from layers.registry.specification import Layer

MOST_OF_A_NAME = 80


@dataclass
class Reading:
    """The changed fields of one edit as journal values, and all problems found on the way."""

    layer: Layer
    request: EditRequest
    current: State | None
    lists: Lists
    changes: State = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> "Reading":
        self._read_geometry()
        self._read_properties()
        if self.request.operation is Operation.CREATE:
            self._fill_defaults()
            self._require_mandatory()
        return self

    def problem(self, name: str, message: str) -> None:
        self.problems.append(Problem(name, message))

    @cached_property
    def middle(self) -> tuple[float, float] | None:
        """A point on the geometry: what says which county a new feature stands in."""
        kept = self.changes.get(GEOMETRY)
        if kept is None:
            return None
        return place_of(str(kept))

    def _read_geometry(self) -> None:
        raw = self.request.geometry
        if raw is None:
            creating = self.request.operation is Operation.CREATE
            if creating and not self.layer.geometry_may_be_empty:
                self.problem(GEOMETRY, _("Draw a place for the new feature."))
            return
        try:
            self.changes[GEOMETRY] = to_journal(GEOMETRY, read_geometry(self.layer, raw))
        except GeometryProblem as problem:
            self.problem(GEOMETRY, str(problem))
            return
        method = self.request.method
        self.changes["method"] = method if method in Method.values else Method.DIGITISED.value
        self.changes["accuracy_m"] = self.request.accuracy_m

    def _read_properties(self) -> None:
        secrets: dict[str, str] = {}
        for name, raw in self.request.properties.items():
            each = self.layer.by_name.get(name)
            if each is None or each.readonly:
                unknown = readable(name)[:MOST_OF_A_NAME]
                self.problem(unknown, _("This layer has no such field to fill in."))
                continue
            try:
                value = read_value(self.layer, each, raw, self.lists)
            except ValueProblem as problem:
                self.problem(name, str(problem))
                continue
            if each.personal:
                secrets[name] = value
            else:
                self.changes[name] = to_journal(name, value)
        if secrets:
            known = unseal(self.layer, opened((self.current or {}).get(PERSONAL)))
            box = seal(self.layer, {**known, **secrets})
            self.changes[PERSONAL] = to_journal(PERSONAL, box)

    def _fill_defaults(self) -> None:
        """A new feature belongs to the county it stands in and gets a code, if none is stated."""
        if "division" not in self.changes and self.middle:
            self.changes["division"] = self.lists.county_at(self.middle)
        if not self.changes.get("code") and self.changes.get("division"):
            self.changes["code"] = code_for(
                self.layer, str(self.changes["division"]), self.request.uid.hex
            )

    def _require_mandatory(self) -> None:
        reported = {problem.field for problem in self.problems}
        for each in self.layer.columns():
            missing = each.required and self.changes.get(each.name) is None
            if missing and each.name not in reported:
                self.problem(each.name, _("This field is required."))


def code_for(layer: Layer, division: str, uid_hex: str) -> str:
    """The code of a feature that brings none: letter, county and the end of its edit's uid."""
    return f"{layer.letter}{division[:6]}-{uid_hex[-10:].upper()}"


def place_of(ewkb_hex: str) -> tuple[float, float]:
    """Longitude and latitude of a point on a geometry in the journal's form."""
    point = shapely.point_on_surface(shapely.from_wkb(ewkb_hex))
    return (point.x, point.y)


def taken_code() -> Problem:
    return Problem("code", _("Another feature of this layer has this code."))
