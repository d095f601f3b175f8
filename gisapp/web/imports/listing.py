"""The history of deliveries: what was sent for which county, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from gisapp.web.imports.subjects import subjects, title_of
from importers.deliveries.access import visible
from importers.models import Delivery, ImportRun
from layers.access import policy
from layers.access.policy import Actor, Scope
from layers.divisions.names import place_names
from layers.errors import BadRequest

PAGE_SIZE = 25
LAST_PAGE = 400


@dataclass(frozen=True, slots=True)
class Filters:
    """Each empty text means no such filter; `county` is a 12-digit code."""

    layer: str = ""
    county: str = ""
    state: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: QueryDict) -> "Filters":
        """Raises BadRequest for a page, layer, county or state that cannot be."""
        page = query.get("page", "1")
        layer, county, state = (query.get(name, "") for name in ("layer", "county", "state"))
        known = (not layer or layer in subjects()) and (not state or state in Delivery.State.values)
        code = not county or (len(county) == 12 and county.isascii() and county.isdecimal())
        if not page.isdecimal() or not 1 <= int(page) <= LAST_PAGE or not known or not code:
            raise BadRequest(_("There is no such page of the list."))
        return cls(layer, county, state, int(page))

    def query(self, **changes: object) -> str:
        """The address of this list with something changed; empty filters are left out."""
        query = QueryDict(mutable=True)
        for name in ("layer", "county", "state", "page"):
            value = changes.get(name, getattr(self, name) if name != "page" else "")
            if value:
                query[name] = str(value)
        return query.urlencode()

    @property
    def any(self) -> bool:
        return bool(self.layer or self.county or self.state)

    def rows(self, user: Actor) -> QuerySet[Delivery]:
        found = visible(user)
        if self.layer:
            found = found.filter(layer=self.layer)
        if self.state:
            found = found.filter(state=self.state)
        if self.county:
            inside = Scope.of([policy.division_prefix(self.county)])
            found = found.filter(inside.q())
        return found


@dataclass(frozen=True, slots=True)
class Listed:
    """A delivery as a line of the list; `run` is the last one that was meant."""

    delivery: Delivery
    place: str
    layer: str
    run: ImportRun | None


def listed(user: Actor, filters: Filters) -> tuple[list[Listed], bool]:
    """One page, the newest first, and whether there are more."""
    start = (filters.page - 1) * PAGE_SIZE
    rows = filters.rows(user).select_related("owner").order_by("-created_at", "-pk")
    page = list(rows[start : start + PAGE_SIZE + 1])
    return described(page[:PAGE_SIZE]), len(page) > PAGE_SIZE and filters.page < LAST_PAGE


def described(deliveries: Sequence[Delivery]) -> list[Listed]:
    places = place_names(each.division_id for each in deliveries)
    runs: dict[int, ImportRun] = {}
    earnest = ImportRun.objects.filter(delivery__in=deliveries, dry_run=False)
    for run in earnest.order_by("pk"):
        runs[run.delivery_id] = run
    return [
        Listed(
            each,
            places[each.division_id],
            title_of(each.layer),
            runs.get(each.pk),
        )
        for each in deliveries
    ]
