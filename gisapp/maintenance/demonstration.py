"""Invented upkeep: the reports that due days follow from, and the defects of defective features."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg2 import sql

from gisapp.maintenance import conditions
from gisapp.maintenance.models import Defect, UpkeepRecord, UpkeepRule
from gisapp.maintenance.schedule import rules_in_force
from layers.demonstration import Seeding
from layers.models import User
from layers.registry import LAYERS, Layer
from layers.sql_files import packaged_sql

FOLDER = Path(__file__).parent / "sql"

EARLIER = {"toilets": 0}
EARLIER_OTHERWISE = 2
"""Reports before the last one, a cycle apart; by layer."""

REPORTED_TOILETS = 50_000
"""With more toilets than this only the first few of every village have reports; the number is the
end of their code."""

DEFECTS = {
    "roads": ("路面坑槽", "边坡小型塌方", "排水沟堵塞", "波形护栏缺损"),
    "water-works": ("水泵故障", "管网渗漏", "消毒设备停用", "水表损坏"),
    "toilets": ("化粪池盖板破损", "冲水器损坏", "排气管脱落", "过粪管堵塞"),
    "assets": ("设施表面破损", "标识牌缺失", "设备停用", "屋面渗漏"),
    "resettlement-sites": ("楼道照明损坏", "排污管堵塞", "健身器材损坏", "屋面渗漏"),
}


def seed(seeding: Seeding) -> dict[str, int]:
    """Reports and defects of every demonstration feature, so that its state has its reasons."""
    reports = sum(_reports(seeding, layer) for layer in LAYERS.values())
    defects = sum(_defects(seeding, layer) for layer in LAYERS.values())
    seeding.report(f"  upkeep: {reports:,} reports, {defects:,} defects")
    return {"upkeep reports": reports, "defects": defects}


def clear(_actor: User) -> dict[str, int]:
    defects, _by_model = Defect.objects.filter(demonstration=True).delete()
    reports, _by_model = UpkeepRecord.objects.filter(demonstration=True).delete()
    return {"defects": defects, "upkeep reports": reports}


def _reports(seeding: Seeding, layer: Layer) -> int:
    """The last report of each feature is one cycle before its due day; earlier ones before it."""
    rules = sorted(rules_in_force(layer, seeding.day), key=lambda rule: rule.cycle_days)
    if not rules:
        return 0
    chosen, values = _shortest_rule(rules)
    last_serial = _last_serial(layer)
    statement = sql.SQL(packaged_sql("demonstration_reports", FOLDER)).format(
        table=sql.Identifier(layer.table), rule=chosen
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                **values,
                "layer": layer.name,
                "author": seeding.actor.pk,
                "day": seeding.day,
                "earlier": EARLIER.get(layer.name, EARLIER_OTHERWISE),
                "last_serial": last_serial,
            },
        )
        return int(cursor.rowcount)


def _shortest_rule(rules: list[UpkeepRule]) -> tuple[sql.Composable, dict[str, Any]]:
    """The id of the rule with the shortest cycle that a row meets, as SQL."""
    cases: list[sql.Composable] = []
    values: dict[str, Any] = {}
    for rule in rules:
        condition, bound = conditions.as_sql(rule.condition, f"rule{rule.pk}")
        cases.append(sql.SQL("WHEN {} THEN {}").format(condition, sql.Literal(rule.pk)))
        values |= bound
    return sql.SQL("CASE {} END").format(sql.SQL(" ").join(cases)), values


def _last_serial(layer: Layer) -> int | None:
    """Up to which number in its village a toilet has reports; None where all features have."""
    if layer.name != "toilets":
        return None
    rows = layer.rows.filter(demonstration=True)
    count = rows.count()
    if count <= REPORTED_TOILETS:
        return None
    villages = rows.values("division").distinct().count()
    return max(1, REPORTED_TOILETS // villages)


def _defects(seeding: Seeding, layer: Layer) -> int:
    statement = sql.SQL(packaged_sql("demonstration_defects", FOLDER)).format(
        table=sql.Identifier(layer.table)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "layer": layer.name,
                "texts": list(DEFECTS[layer.name]),
                "author": seeding.actor.pk,
                "day": _noon(seeding.day),
            },
        )
        return int(cursor.rowcount)


def _noon(day: date) -> str:
    """Noon in China, so that a day in the database's zone is the same day here."""
    return f"{day.isoformat()} 12:00+08:00"
