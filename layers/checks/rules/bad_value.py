"""Values outside their code list or range. What a person writes is refused by the same lists; this
finds what came in before a list or a limit was revised, or past the service."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from psycopg2 import sql

from layers.checks.flags import Flag, flagged
from layers.checks.rows import place_of
from layers.checks.specification import Issue, Rule, Severity, Stamp
from layers.checks.window import Window
from layers.codes import CodeLists, every_label
from layers.registry.specification import Field, Kind, Label, Layer

STAMP = Stamp("bad-value", Severity.ERROR)


def find(layer: Layer, window: Window) -> Iterator[Issue]:
    # Lapsed codes are no fault: they were right when they were recorded.
    lists = every_label({each.codes for each in layer.columns() if each.codes})
    conditions = {
        each.name: condition
        for each in layer.columns()
        if (condition := _condition(layer, each, lists)) is not None
    }
    return (_issue(layer, flag) for flag in flagged(layer, window, conditions))


def _condition(layer: Layer, field: Field, lists: CodeLists) -> sql.Composable | None:
    column = sql.Identifier("t", field.name)
    if field.codes:
        known = sql.Literal(list(lists.get(field.codes, {})))
        text = "{column} <> '' AND {column} <> ALL({known}::text[])"
        return sql.SQL(text).format(column=column, known=known)
    if layer.kind(field) is Kind.DIVISION:
        text = "NOT EXISTS (SELECT FROM layers_division AS d WHERE d.code = {})"
        return sql.SQL(text).format(column)
    limits = [("<", field.minimum), (">", field.maximum)]
    beyond = [
        sql.SQL("{} " + sign + " {}").format(column, sql.Literal(limit))
        for sign, limit in limits
        if limit is not None
    ]
    return sql.SQL(" OR ").join(beyond) if beyond else None


def _issue(layer: Layer, flag: Flag) -> Issue:
    field = layer.by_name[flag.field]
    facts = {"field": field.label, "value": flag.value}
    if field.codes or layer.kind(field) is Kind.DIVISION:
        message = _("%(field)s: “%(value)s” is not in the list.") % facts
    else:
        message = _("%(field)s: %(value)s is out of range.") % facts
    return STAMP.issue(
        layer,
        [flag.subject.feature_id],
        message,
        place=place_of(flag.subject),
        about=field.name,
        on=field.name,
    )


RULE = Rule(
    name=STAMP.rule,
    severity=STAMP.severity,
    title=Label("取值不在代码表或范围内", "Value outside its list or range"),
    explanation=Label(
        "取值不在代码表中、超出允许范围，或区划代码不存在。",
        "A value that is in no code list, out of its range, or a division that does not exist.",
    ),
    find=find,
)
