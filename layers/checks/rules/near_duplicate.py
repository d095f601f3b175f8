"""The same thing recorded twice: same kind, same name (or none), nearly the same place."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from psycopg2 import sql

from layers.access.policy import Scope
from layers.checks import repair
from layers.checks.rows import place_of, query, rows_of
from layers.checks.specification import Fix, Issue, Judged, Rule, Severity, Stamp, Subject
from layers.checks.window import Window
from layers.editing.rows import GEOMETRY
from layers.editing.values import journal_value
from layers.registry.specification import Label, Layer

WITHIN_M = 5
STRETCH = 1.16
"""Web Mercator's metres are shorter on the ground by no more than this in Hunan (30.2°N)."""

STAMP = Stamp("near-duplicate", Severity.WARNING)
APART = "ST_Distance(a.geom::geography, b.geom::geography)"
# Stretches of one road touch each other: lines are alike where all of one is near the other.
LINES_APART = "ST_HausdorffDistance(a.geom_3857, b.geom_3857) * cos(radians(ST_YMax(a.geom)))"
NEW = 0


def find(layer: Layer, window: Window) -> Iterator[Issue]:
    looked_at = sql.SQL("(SELECT t.*, NULL AS n FROM {} AS t WHERE {} AND t.geom IS NOT NULL)")
    subjects = looked_at.format(sql.Identifier(layer.table), window.condition("t"))
    for _n, one, other in _pairs(layer, subjects, window.pairs("a", "b"), window.comparable("b")):
        yield _issue(layer, *sorted((one, other), key=lambda each: each.feature_id or NEW))


def compare(layer: Layer, subjects: Sequence[Subject], scope: Scope) -> Judged:
    """Against what is in the layer already, not against each other: one query for all."""
    asked = [(index, each) for index, each in enumerate(subjects) if each.state.get(GEOMETRY)]
    if not asked:
        return
    columns = [
        [index for index, _each in asked],
        [each.feature_id for _index, each in asked],
        *([each.state[name] or "" for _i, each in asked] for name in (layer.classify, "name")),
        [each.state[GEOMETRY] for _index, each in asked],
    ]
    written = query(
        "written",
        **{f"column_{number}": sql.Literal(values) for number, values in enumerate(columns)},
        kind=sql.Identifier(layer.classify),
        extra=sql.SQL("").join(
            sql.SQL(", NULL AS {}").format(sql.Identifier(name)) for name in _kept(layer)
        ),
    )
    distinct = sql.SQL("a.id IS DISTINCT FROM b.id")
    for index, one, other in _pairs(layer, written, distinct, Window(scope).comparable("b")):
        yield index, _issue(layer, one, other)


def _pairs(
    layer: Layer, subjects: sql.Composable, pairs: sql.Composable, visible: sql.Composable
) -> Iterator[tuple[int, Subject, Subject]]:
    names = [GEOMETRY, *_kept(layer)]
    statement = query(
        "near_duplicates",
        subjects=subjects,
        table=sql.Identifier(layer.table),
        kind=sql.Identifier(layer.classify),
        reach=sql.Literal(WITHIN_M * STRETCH),
        within=sql.Literal(WITHIN_M),
        apart=sql.SQL(LINES_APART if layer.geometry == "line" else APART),
        pairs=pairs,
        visible=visible,
        ones=_columns("a", names),
        others=_columns("b", names),
    )
    for n, one_id, one_version, other_id, other_version, *values in rows_of(statement):
        kept = [journal_value(value) for value in values]
        one = dict(zip(names, kept, strict=False))
        other = dict(zip(names, kept[len(names) :], strict=True))
        yield n, Subject(one_id, one_version, one), Subject(other_id, other_version, other)


def _columns(alias: str, names: Sequence[str]) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(alias, name) for name in names)


def _kept(layer: Layer) -> list[str]:
    """What of the one that stays is said again in the merge, which would add it up or unite it."""
    return [*(each.name for each in layer.columns() if each.additive), *repair.MEASURED_AS]


def _issue(layer: Layer, one: Subject, other: Subject) -> Issue:
    message = _("Another of the same kind and name is within %(metres)d m.") % {"metres": WITHIN_M}
    ids = [one.feature_id, other.feature_id]
    issue = replace(
        STAMP.issue(layer, ids, message, place=place_of(one)),
        arises_from=frozenset({GEOMETRY, "name", layer.classify}),
    )
    return issue.fixed_by(_fix(layer, one, other, issue.id))


def _fix(layer: Layer, one: Subject, other: Subject, issue: str) -> Fix | None:
    own: dict[str, Any] = {
        name: value
        for name, value in one.state.items()
        if name not in (GEOMETRY, *repair.MEASURED_AS) and value is not None
    }
    return repair.merge(layer, one, other, issue, _("Merge the two into the first"), **own)


RULE = Rule(
    name=STAMP.rule,
    severity=STAMP.severity,
    title=Label("疑似重复登记", "Recorded twice"),
    explanation=Label(
        "同类、同名（或都无名称）的两个要素相距不到5米；线状要素须整条线处处相距不到5米。",
        "Two of the same kind and name (or both without one) within 5 m; lines all along.",
    ),
    find=find,
    compare=compare,
    fixable=True,
)
