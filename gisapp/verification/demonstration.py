"""Invented visits: what inspectors found at demonstration features, held against the ledger."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from django.contrib.gis.geos import Point
from django.db import connection
from django.utils import timezone
from psycopg2 import sql

from gisapp.verification.models import PositionSource, Verdict, Visit
from layers.crs import CGCS2000
from layers.demonstration import Seeding
from layers.models import Feature, UpkeepState, User
from layers.registry import LAYERS, Layer
from layers.sql_files import packaged_sql

FOLDER = Path(__file__).parent / "sql"

FEATURES_A_COUNTY = 2
"""Of each layer."""

DAYS_BACK = 55
VERDICTS = (Verdict.AS_RECORDED, Verdict.NOT_FOUND, Verdict.UNREACHABLE)
SHARES = (0.88, 0.05, 0.07)
NOTES = {
    Verdict.AS_RECORDED: "现场与台账一致（演示）",
    Verdict.DEFECT: "现场发现损坏，已提醒管护人员（演示）",
    Verdict.NOT_FOUND: "现场未找到该设施（演示）",
    Verdict.UNREACHABLE: "道路临时中断，未能到达（演示）",
}
NAMESPACE = UUID("5d3c1f0e-8a63-4c0e-9a55-0b4f6a1f2d11")


def seed(seeding: Seeding) -> dict[str, int]:
    """Some features of each layer and county, one visit each within the last two months."""
    count = 0
    for layer in LAYERS.values():
        visits = [_visit(seeding, layer, feature) for feature in _chosen(seeding, layer)]
        _measure(layer, visits)
        count += len(Visit.objects.bulk_create(visits))
    return {"visits": count}


def clear(_actor: User) -> dict[str, int]:
    """Visits stay: they are append-only in the database's eyes, invented ones too."""
    return {}


def _chosen(seeding: Seeding, layer: Layer) -> Iterator[Feature]:
    rows = layer.rows.filter(demonstration=True, morton__isnull=False)
    for county in seeding.counties:
        inside = rows.filter(
            division_id__gte=f"{county[:6]}000000", division_id__lte=f"{county[:6]}999999"
        )
        yield from inside.order_by("division_id", "pk")[:FEATURES_A_COUNTY]


def _visit(seeding: Seeding, layer: Layer, feature: Feature) -> Visit:
    rng = seeding.stream("visits", layer.name, feature.code)
    if feature.upkeep_state == UpkeepState.DEFECTIVE:
        verdict = Verdict.DEFECT
    else:
        verdict = VERDICTS[int(rng.choice(len(VERDICTS), p=SHARES))]
    captured = timezone.make_aware(
        datetime.combine(seeding.day, time(9))
        - timedelta(days=int(rng.integers(1, DAYS_BACK)))
        + timedelta(minutes=int(rng.integers(0, 480)))
    )
    longitude, latitude = _first(layer, feature)
    accuracy = float(rng.uniform(4, 25))
    east, north = rng.normal(0, accuracy / 111_000, 2)
    position = Point(longitude + east, latitude + north, srid=CGCS2000)
    return Visit(
        uid=uuid5(NAMESPACE, f"{layer.name}/{feature.pk}"),
        layer=layer.name,
        feature_id=feature.pk,
        division=feature.division_id,
        inspector=seeding.actor,
        captured_at=captured,
        received_at=captured + timedelta(minutes=int(rng.integers(0, 600))),
        position=position,
        accuracy_m=round(accuracy, 1),
        positioned_at=captured,
        position_source=PositionSource.DEVICE,
        verdict=verdict,
        notes=NOTES[verdict],
        demonstration=True,
    )


def _measure(layer: Layer, visits: list[Visit]) -> None:
    """Fill in how far from the feature each visit was, in one query."""
    statement = sql.SQL(packaged_sql("demonstration_distances", FOLDER)).format(
        table=sql.Identifier(layer.table)
    )
    positions = [visit.position for visit in visits if visit.position is not None]
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "ids": [visit.feature_id for visit in visits],
                "x": [position.x for position in positions],
                "y": [position.y for position in positions],
            },
        )
        metres = dict(cursor.fetchall())
    for visit in visits:
        visit.distance_m = metres[visit.feature_id]


def _first(layer: Layer, feature: Feature) -> tuple[float, float]:
    """A place of the feature: of a line, where it begins."""
    if layer.geometry == "point":
        return feature.geom.x, feature.geom.y
    longitude, latitude = feature.geom[0][0]
    return longitude, latitude
