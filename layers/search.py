"""Finding features and divisions by name, code or coordinates, within a reader's scope."""

import re
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry
from django.db import OperationalError, connection, transaction
from django.db.models import Case, Q, When
from psycopg2.errors import QueryCanceled

from layers.access.policy import Scope
from layers.divisions import HUNAN_BOUNDS
from layers.models.division import Division
from layers.models.feature import Feature
from layers.plates import PATTERN, feature_of_code
from layers.registry import LAYERS
from layers.registry.specification import Layer

MOST_A_KIND = 8
TIME_LIMIT_MS = 1500
COORDINATES = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*[,，\s]\s*(-?\d+(?:\.\d+)?)\s*$")


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `bbox` is west, south, east, north for things with an extent."""

    layer: str
    id: str
    code: str
    name: str
    place: str
    lon: float | None
    lat: float | None
    bbox: tuple[float, float, float, float] | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """What was found, and the titles of layers whose search took too long to finish."""

    hits: list[Hit]
    unfinished: list[str]


def search(text: str, scope: Scope) -> Results:
    """Coordinates first, then exact codes and plates, divisions, and names in each layer."""
    wanted = text.strip()
    if not wanted or "\x00" in wanted:
        return Results([], [])
    coordinates = _coordinates(wanted)
    if coordinates:
        return Results([coordinates], [])
    hits = [*_plate(wanted, scope), *_divisions(wanted)]
    unfinished = []
    for layer in LAYERS.values():
        found = _features(layer, wanted, scope)
        if found is None:
            unfinished.append(str(layer.title))
        else:
            hits.extend(found)
    first_of_each = {(hit.layer, hit.id): hit for hit in reversed(hits)}
    return Results(list(reversed(first_of_each.values())), unfinished)


def _coordinates(text: str) -> Hit | None:
    match = COORDINATES.match(text)
    if not match:
        return None
    first, second = float(match[1]), float(match[2])
    lon, lat = (second, first) if first < second else (first, second)
    if not HUNAN_BOUNDS.contains(lon, lat, lon, lat):
        return None
    return Hit("coordinates", f"{lon},{lat}", "", f"{lon:.6f}, {lat:.6f}", "", lon, lat)


def _plate(text: str, scope: Scope) -> list[Hit]:
    if not PATTERN.match(text.upper()):
        return []
    found = feature_of_code(text)
    if found is None or not scope.covers(found.feature.division_id):
        return []
    return [_hit(found.layer, found.feature, {})]


def _divisions(text: str) -> list[Hit]:
    """By code or name; counties before townships before villages, exact names first."""
    condition = Q(code=text) if text.isdigit() else Q(name__contains=text)
    rows = (
        Division.objects.filter(condition)
        .select_related("parent", "parent__parent")
        .defer("parent__boundary", "parent__parent__boundary")
        .annotate(
            longer=Case(When(name=text, then=0), default=1),
            depth=Case(*(When(level=level, then=at) for at, level in enumerate(Division.Level))),
        )
        .order_by("longer", "depth", "code")[:MOST_A_KIND]
    )
    return [_division_hit(each) for each in rows]


def _division_hit(each: Division) -> Hit:
    place: GEOSGeometry | None = each.boundary or each.seat
    shown = each
    while place is None and shown.parent is not None:
        shown = shown.parent
        place = shown.boundary or shown.seat
    centre = place.centroid if place else None
    return Hit(
        "divisions",
        each.code,
        each.code,
        each.name,
        " › ".join(up.name for up in _parents(each)),
        centre.x if centre else None,
        centre.y if centre else None,
        place.extent if place and place.geom_type != "Point" else None,
    )


def _parents(each: Division) -> list[Division]:
    chain: list[Division] = []
    up = each.parent
    while up is not None and len(chain) < 2:
        chain.insert(0, up)
        up = up.parent
    return chain


def _features(layer: Layer, text: str, scope: Scope) -> list[Hit] | None:
    """Names through the trigram index, codes by prefix; None when it takes too long."""
    if scope.empty:
        return []
    rows = (
        layer.rows.filter(scope.q())
        .filter(Q(code__startswith=text) | (Q(name__contains=text) & ~Q(name="")))
        .order_by()[:MOST_A_KIND]
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {TIME_LIMIT_MS}")
            found = list(rows)
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        return None
    codes = {feature.division_id for feature in found}
    names = dict(Division.objects.filter(pk__in=codes).values_list("code", "name"))
    return [_hit(layer, feature, names) for feature in found]


def _hit(layer: Layer, feature: Feature, division_names: dict[str, str]) -> Hit:
    centre = feature.geom.centroid if feature.geom else None
    division = division_names.get(feature.division_id, feature.division_id)
    return Hit(
        layer.name,
        str(feature.pk),
        feature.code,
        feature.name or feature.code,
        f"{layer.title} · {division}",
        centre.x if centre else None,
        centre.y if centre else None,
        feature.geom.extent if feature.geom and layer.geometry != "point" else None,
        f"/map/{layer.name}/{feature.pk}",
    )
