"""The work list: what needs upkeep inside a reader's divisions, most pressing or nearest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.gis.db.models.functions import GeometryDistance
from django.contrib.gis.geos import Point
from django.db.models import F, QuerySet
from django.utils import timezone

from gisapp.maintenance.models import Defect
from gisapp.maintenance.schedule import Task, last_done, rules_in_force, tasks_of
from layers.access.policy import Scope
from layers.crs import WEB_MERCATOR
from layers.distance import GeodesicDistance
from layers.divisions.names import place_names
from layers.models import Feature
from layers.models.feature import NEEDS_WORK
from layers.registry import LAYERS, Layer

PAGE_SIZE = 25
LAST_PAGE = 40
"""Pages further down cost as much as all before them; filters find what is there sooner."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list. `states` empty means all that need work; `near` is in EPSG:4490."""

    layers: tuple[Layer, ...]
    states: tuple[str, ...] = ()
    near: Point | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """One row. `distance_m` only when sorted by distance; `late_days` negative before the day."""

    layer: Layer
    feature: Feature
    place: str
    task: Task | None
    defects: Sequence[Defect]
    late_days: int | None
    distance_m: float | None
    may_report: bool

    @property
    def kilometres(self) -> float:
        return (self.distance_m or 0) / 1000


@dataclass(frozen=True, slots=True)
class WorkPage:
    items: list[Item]
    page: int
    more: bool


def work_page(scope: Scope, wanted: Wanted, maintained: Scope) -> WorkPage:
    """One page of work; `maintained` is where the reader may report."""
    start = (wanted.page - 1) * PAGE_SIZE
    reach = start + PAGE_SIZE + 1
    found: list[tuple[tuple[float, int], Layer, Feature]] = []
    for layer in wanted.layers:
        for feature in _features(layer, scope, wanted)[:reach]:
            found.append((_rank(feature, wanted), layer, feature))
    found.sort(key=lambda entry: entry[0])
    shown = found[start : start + PAGE_SIZE]
    pairs = [(layer, feature) for _rank_, layer, feature in shown]
    more = len(found) > start + PAGE_SIZE and wanted.page < LAST_PAGE
    return WorkPage(items_of(pairs, maintained), wanted.page, more)


def _features(layer: Layer, scope: Scope, wanted: Wanted) -> QuerySet[Feature]:
    states = wanted.states or NEEDS_WORK
    rows = layer.rows.filter(scope.q(), upkeep_state__in=states)
    if wanted.near is None:
        return rows.order_by(F("upkeep_due_on").asc(nulls_first=True), "pk")
    # <-> on the indexed column walks the index outward from the point; metres are reckoned on
    # the ellipsoid afterwards, for the few rows that are shown.
    mercator = wanted.near.transform(WEB_MERCATOR, clone=True)
    return (
        rows.filter(geom_3857__isnull=False)
        .annotate(metres=GeodesicDistance("geom", wanted.near))
        .order_by(GeometryDistance("geom_3857", mercator))
    )


def _rank(feature: Feature, wanted: Wanted) -> tuple[float, int]:
    if wanted.near is not None:
        return feature.metres, feature.pk  # type: ignore[attr-defined]
    due = feature.upkeep_due_on
    return (due.toordinal() if due else 0), feature.pk


def items_of(pairs: Sequence[tuple[Layer, Feature]], maintained: Scope) -> list[Item]:
    """Rows with their tasks, places and open defects: a few queries however many rows."""
    places = place_names(feature.division_id for _layer, feature in pairs)
    today = timezone.localdate()
    items: dict[tuple[str, int], Item] = {}
    for layer in {layer.name: layer for layer, _feature in pairs}.values():
        features = [feature for each, feature in pairs if each is layer]
        identifiers = [feature.pk for feature in features]
        rules, done = rules_in_force(layer), last_done(layer, identifiers)
        defects = open_defects(layer, identifiers)
        for feature in features:
            tasks = tasks_of(feature, rules, done.get(feature.pk, {}))
            items[layer.name, feature.pk] = Item(
                layer=layer,
                feature=feature,
                place=places[feature.division_id],
                task=tasks[0] if tasks else None,
                defects=defects.get(feature.pk, []),
                late_days=_late(feature.upkeep_due_on, today),
                distance_m=getattr(feature, "metres", None),
                may_report=maintained.covers(feature.division_id),
            )
    return [items[layer.name, feature.pk] for layer, feature in pairs]


def _late(due_on: date | None, today: date) -> int | None:
    return (today - due_on).days if due_on else None


def open_defects(layer: Layer, feature_ids: Sequence[int]) -> dict[int, list[Defect]]:
    found: dict[int, list[Defect]] = {}
    rows = Defect.objects.filter(
        layer=layer.name, feature_id__in=feature_ids, state=Defect.State.OPEN
    ).select_related("reported_by")
    for defect in rows:
        found.setdefault(defect.feature_id, []).append(defect)
    return found


def every_layer() -> tuple[Layer, ...]:
    return tuple(LAYERS.values())
