"""Mandatory fields without a value, and features without the place their layer asks for."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from psycopg2 import sql

from layers.checks.flags import Flag, flagged
from layers.checks.rows import place_of
from layers.checks.specification import Issue, Rule, Severity, Stamp
from layers.checks.window import Window
from layers.editing.rows import GEOMETRY
from layers.registry.specification import Kind, Label, Layer

STAMP = Stamp("missing-value", Severity.ERROR)
TEXTS = frozenset({Kind.TEXT, Kind.CODE, Kind.DIVISION})


def find(layer: Layer, window: Window) -> Iterator[Issue]:
    conditions: dict[str, sql.Composable] = {
        each.name: sql.SQL(
            "coalesce({}, '') = ''" if layer.kind(each) in TEXTS else "{} IS NULL"
        ).format(sql.Identifier("t", each.name))
        for each in layer.columns()
        if each.required
    }
    if not layer.geometry_may_be_empty:
        conditions[GEOMETRY] = sql.SQL("t.geom IS NULL")
    return (_issue(layer, flag) for flag in flagged(layer, window, conditions))


def _issue(layer: Layer, flag: Flag) -> Issue:
    if flag.field == GEOMETRY:
        message = _("The feature has no place.")
    else:
        message = _("%(field)s is missing.") % {"field": layer.by_name[flag.field].label}
    return STAMP.issue(
        layer,
        [flag.subject.feature_id],
        message,
        place=place_of(flag.subject),
        about=flag.field,
        on=flag.field,
    )


RULE = Rule(
    name=STAMP.rule,
    severity=STAMP.severity,
    title=Label("缺少必填项", "Missing value"),
    explanation=Label(
        "必填字段为空，或要素没有位置。", "A mandatory field is empty, or the feature has no place."
    ),
    find=find,
)
