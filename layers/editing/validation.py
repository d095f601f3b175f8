"""Checks an edit's values against the registry; gathers every problem, not only the first."""

from typing import Any

from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape

from layers.access.personal import seal, unseal
from layers.codes import code_lists
from layers.divisions import county_at
from layers.editing.geometry import GeometryProblem, read_geometry
from layers.editing.request import EditRequest, Problem
from layers.editing.rows import GEOMETRY, PERSONAL, State, to_journal
from layers.editing.values import ValueProblem, read_value
from layers.models.division import Division
from layers.models.feature import Feature, Method
from layers.models.journal import Operation
from layers.registry.specification import Layer

ELSEWHERE_LIMIT_M = 600
"""Boundary sets disagree by up to some 600 m (domain.md, divisions): nearer is no warning."""

METRES_A_DEGREE = 111_320


def read_changes(
    layer: Layer, request: EditRequest, current: Feature | None
) -> tuple[State, list[Problem]]:
    """The changed fields as journal values, and all problems found on the way."""
    problems: list[Problem] = []
    changes: State = {}
    _read_geometry(layer, request, changes, problems)
    _read_properties(layer, request, current, changes, problems)
    if request.operation is Operation.CREATE:
        _fill_defaults(layer, request, changes)
        _require_mandatory(layer, changes, problems)
    check_code_is_free(layer, changes, current, problems)
    return changes, problems


def _read_geometry(
    layer: Layer, request: EditRequest, changes: State, problems: list[Problem]
) -> None:
    if request.geometry is None:
        if request.operation is Operation.CREATE and not layer.geometry_may_be_empty:
            problems.append(Problem(GEOMETRY, _("Draw a place for the new feature.")))
        return
    try:
        changes[GEOMETRY] = to_journal(GEOMETRY, read_geometry(layer, request.geometry))
    except GeometryProblem as problem:
        problems.append(Problem(GEOMETRY, str(problem)))
        return
    changes["method"] = request.method if request.method in Method.values else Method.DIGITISED
    changes["accuracy_m"] = request.accuracy_m


def _read_properties(
    layer: Layer,
    request: EditRequest,
    current: Feature | None,
    changes: State,
    problems: list[Problem],
) -> None:
    codes = code_lists(*{each.codes for each in layer.fields if each.codes})
    secrets: dict[str, str] = {}
    for name, raw in request.properties.items():
        field = layer.by_name.get(name)
        if field is None or field.readonly:
            problems.append(Problem(name, _("This layer has no such field to fill in.")))
            continue
        try:
            value = read_value(layer, field, raw, codes)
        except ValueProblem as problem:
            problems.append(Problem(name, str(problem)))
            continue
        if field.personal:
            secrets[name] = value
        else:
            changes[name] = to_journal(name, value)
    if secrets:
        known = unseal(layer, current.personal) if current else {}
        changes[PERSONAL] = to_journal(PERSONAL, seal(layer, {**known, **secrets}))


def _fill_defaults(layer: Layer, request: EditRequest, changes: State) -> None:
    """A new feature belongs to the county it stands in and gets a code, where none is stated."""
    point = _middle(request.geometry)
    if "division" not in changes and point:
        changes["division"] = county_at(*point)
    if "code" not in changes and changes.get("division"):
        county = str(changes["division"])[:6]
        changes["code"] = f"{layer.letter}{county}-{request.uid.hex[-10:].upper()}"


def _require_mandatory(layer: Layer, changes: State, problems: list[Problem]) -> None:
    reported = {problem.field for problem in problems}
    for field in layer.columns():
        if field.required and changes.get(field.name) is None and field.name not in reported:
            problems.append(Problem(field.name, _("This field is required.")))


def check_code_is_free(
    layer: Layer, changes: State, current: Feature | None, problems: list[Problem]
) -> None:
    code = changes.get("code")
    if not code:
        return
    holders = layer.rows.filter(code=code)
    if current is not None:
        holders = holders.exclude(pk=current.pk)
    if holders.exists():
        problems.append(Problem("code", _("Another feature of this layer has this code.")))


def placement_warnings(feature: Feature) -> tuple[Problem, ...]:
    """A place over 600 m outside its stated county is an issue to resolve, not changed silently."""
    if feature.geom is None:
        return ()
    county = Division.objects.filter(pk=f"{feature.division_id[:6]}000000").first()
    if county is None or county.boundary is None:
        return ()
    distance = county.boundary.distance(feature.geom) * METRES_A_DEGREE
    if distance <= ELSEWHERE_LIMIT_M:
        return ()
    text = _("The place is about %(km).1f km outside %(county)s.") % {
        "km": distance / 1000,
        "county": county.name,
    }
    return (Problem(GEOMETRY, text),)


def _middle(geometry: dict[str, Any] | None) -> tuple[float, float] | None:
    if not geometry:
        return None
    try:
        point = shape(geometry).representative_point()
        return (point.x, point.y)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        # read_geometry has reported what is wrong with it.
        return None
