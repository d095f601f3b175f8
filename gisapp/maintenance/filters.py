"""What the work page was asked for, read from its address."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.http import QueryDict
from django.utils.translation import gettext as _

from gisapp.maintenance.worklist import LAST_PAGE, Wanted, every_layer
from layers.access.policy import Scope, narrowed
from layers.crs import CGCS2000
from layers.errors import BadRequest
from layers.models.feature import NEEDS_WORK
from layers.registry import layer_named


@dataclass(frozen=True, slots=True)
class WorkFilters:
    """Each empty text means no such filter. `near` is "longitude,latitude"."""

    layer: str = ""
    state: str = ""
    county: str = ""
    near: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: QueryDict) -> "WorkFilters":
        page = query.get("page", "1")
        if not page.isdecimal() or not 1 <= int(page) <= LAST_PAGE:
            raise BadRequest(_("There is no such page of the list."))
        texts = {name: query.get(name, "") for name in ("layer", "state", "county", "near")}
        if texts["state"] and texts["state"] not in NEEDS_WORK:
            raise BadRequest(_("There is no such state."))
        return cls(**texts, page=int(page))

    def wanted(self) -> Wanted:
        layers = (layer_named(self.layer),) if self.layer else every_layer()
        states = (self.state,) if self.state else ()
        return Wanted(layers, states, _point(self.near), self.page)

    def within(self, scope: Scope) -> Scope:
        return narrowed(scope, Scope.of([self.county[:6]])) if self.county else scope

    def query(self, **changes: object) -> str:
        """The address of this list with something changed; empty filters are left out."""
        query = QueryDict(mutable=True)
        for name in ("layer", "state", "county", "near"):
            value = changes.get(name, getattr(self, name))
            if value:
                query[name] = str(value)
        if changes.get("page"):
            query["page"] = str(changes["page"])
        return query.urlencode()


def _point(text: str) -> Point | None:
    if not text:
        return None
    try:
        longitude, latitude = (float(part) for part in text.split(","))
    except ValueError as error:
        raise BadRequest(_("The place cannot be read: send longitude,latitude.")) from error
    if not (-180 <= longitude <= 180 and -85 <= latitude <= 85):
        raise BadRequest(_("The place is not on the earth: send longitude,latitude."))
    return Point(longitude, latitude, srid=CGCS2000)


def totals(counted: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """State counts of several layers added up."""
    sums: dict[str, int] = {}
    for states in counted.values():
        for state, count in states.items():
            sums[state] = sums.get(state, 0) + count
    return sums
