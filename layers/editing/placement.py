"""Whether features stand where they say they belong."""

from collections.abc import Mapping

import shapely
from django.utils.translation import gettext as _

from layers.divisions import ELSEWHERE_LIMIT_M, METRES_A_DEGREE
from layers.editing.request import Problem
from layers.editing.rows import GEOMETRY, State
from layers.models.division import Division


def placement_warnings(states: Mapping[int, State]) -> dict[int, Problem]:
    """A place over 600 m outside its stated county is an issue to resolve, not changed silently."""
    placed = {key: state for key, state in states.items() if state[GEOMETRY]}
    counties = {f"{str(state['division'])[:6]}000000" for state in placed.values()}
    found = {
        each.code: (each.name, shapely.from_wkb(bytes(each.boundary.wkb)))
        for each in Division.objects.filter(pk__in=counties, boundary__isnull=False)
        if each.boundary
    }
    for _name, boundary in found.values():
        shapely.prepare(boundary)
    warnings: dict[int, Problem] = {}
    for key, state in placed.items():
        county = found.get(f"{str(state['division'])[:6]}000000")
        if county is None:
            continue
        metres = shapely.distance(county[1], shapely.from_wkb(str(state[GEOMETRY])))
        if metres * METRES_A_DEGREE > ELSEWHERE_LIMIT_M:
            warnings[key] = Problem(GEOMETRY, _outside(metres * METRES_A_DEGREE, county[0]))
    return warnings


def _outside(metres: float, county: str) -> str:
    return _("The place is about %(km).1f km outside %(county)s.") % {
        "km": metres / 1000,
        "county": county,
    }
