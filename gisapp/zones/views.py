"""The zones' pages. The zones themselves are public; counts only inside the reader's grants."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from gisapp.zones import shareable, statistics, territory
from gisapp.zones.statistics import COUNTY_DIGITS, States
from layers.access import policy
from layers.access.policy import Actor, Scope
from layers.access.roles import Action
from layers.errors import BadRequest, Forbidden, NotFound
from layers.models import Division, Zone
from layers.registry import LAYERS, layer_named

SORTS = {
    "code": lambda row: row.county.code,
    "total": lambda row: (-row.states.total, row.county.code),
    "work": lambda row: (-row.states.needing_work, row.county.code),
    "share": lambda row: (-row.states.needing_percent, row.county.code),
}
STEPS = (0.0, 5.0, 10.0, 20.0, 35.0)
"""Lower bounds, in percent of features that need work, of the drawing's five shades."""


@dataclass(frozen=True, slots=True)
class CountyRow:
    county: Division
    states: States
    map_address: str
    covered: bool

    @property
    def shade(self) -> int:
        """1 to 5 by the share that needs work; 0 where nothing is counted."""
        if not self.covered or not self.states.total:
            return 0
        return sum(self.states.needing_percent >= step for step in STEPS)


@require_safe
def zone_list(request: HttpRequest) -> HttpResponse:
    cards = []
    for zone in territory.zones_today():
        counties = territory.counties_of(zone)
        scope = _scope_in(request.user, zone)
        counted = statistics.of_counties(statistics.counts_by_county(scope))
        cards.append(
            {
                "zone": zone,
                "name": territory.zone_name(zone),
                "counties": counties,
                "drawing": territory.drawing(counties),
                "states": None if scope.empty else statistics.summed(counted),
            }
        )
    return render(request, "zones/list.html", {"cards": cards})


@require_safe
def zone_page(request: HttpRequest, code: str) -> HttpResponse:
    zone = _zone(code)
    sort = request.GET.get("sort", "code")
    if sort not in SORTS:
        raise BadRequest(_("The table cannot be sorted by that."))
    only = request.GET.get("layer", "")
    layers = {only: layer_named(only)} if only else LAYERS
    counties = territory.counties_of(zone)
    scope = _scope_in(request.user, zone)
    counts = statistics.counts_by_county(scope, layers)
    by_county = statistics.of_counties(counts)
    rows = [_row(county, by_county, scope) for county in counties]
    drawn = territory.drawing(counties)
    context = {
        "zone": zone,
        "name": territory.zone_name(zone),
        "rows": sorted(rows, key=SORTS[sort]),
        "drawing": [(each, row) for each, row in zip(drawn.outlines, rows, strict=True)]
        if drawn
        else [],
        "size": drawn,
        "map_address": territory.map_address(zone.boundary.extent) if zone.boundary else "/map/",
        "counted": not scope.empty,
        "states": statistics.summed(by_county),
        "by_layer": [(layers[name], statistics.summed(each)) for name, each in counts.items()],
        "indicators": statistics.indicators(scope),
        "layers": LAYERS.values(),
        "layer": only,
        "sort": sort,
        "sorts": [
            ("code", _("Division code")),
            ("total", pgettext("zone", "Features")),
            ("work", _("Needing work")),
            ("share", _("Share needing work")),
        ],
    }
    return render(request, "zones/zone.html", context)


@require_safe
def zone_file(request: HttpRequest, code: str) -> HttpResponse:
    """The shareable map, for those whose grants reach into the zone."""
    zone = _zone(code)
    policy.require_somewhere(request.user, Action.VIEW)
    scope = _scope_in(request.user, zone)
    if scope.empty:
        raise Forbidden(
            _("Your grants do not reach into this zone: only its counties are shown."),
            remedy=_("Ask the administrator for a grant there."),
        )
    counts = statistics.counts_by_county(scope, shareable.shareable_layers())
    text = shareable.shareable_map(
        zone, territory.counties_of(zone), statistics.of_counties(counts)
    )
    response = HttpResponse(text, content_type="text/html; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="xiangcun-{zone.code}.html"'
    return response


def _zone(code: str) -> Zone:
    zone = Zone.objects.filter(pk=code).first()
    if zone is None:
        raise NotFound(_("There is no such zone."), remedy=_("Look for it in the list of zones."))
    return zone


def _scope_in(user: Actor, zone: Zone) -> Scope:
    return policy.narrowed(policy.scope(user), policy.zone_scope(zone.code))


def _row(county: Division, counted: dict[str, States], scope: Scope) -> CountyRow:
    digits = county.code[:COUNTY_DIGITS]
    # A grant of a township shows that township's part of its county.
    covered = any(
        prefix.startswith(digits) or digits.startswith(prefix) for prefix in scope.prefixes
    )
    address = territory.map_address(county.boundary.extent) if county.boundary else "/map/"
    return CountyRow(county, counted.get(digits, States()), address, covered)
