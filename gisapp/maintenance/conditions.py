"""Which features a rule applies to: one condition, read over a row in memory and as SQL.

A list allows its values; `min` and `max` are inclusive bounds, `below` an exclusive one that also
takes in the unknown: a water work of unrecorded capacity is looked after like a small one.
"""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from psycopg2 import sql

from layers.errors import Rejected
from layers.models import Feature
from layers.registry import Kind, Layer

Condition = dict[str, Any]

COMPARISONS = {"min": ">=", "max": "<=", "below": "<"}


def check(layer: Layer, condition: Condition) -> None:
    """Raises Rejected for a field the layer does not have, or a form that means nothing."""
    if not isinstance(condition, dict):
        raise _unreadable(_("The condition is not an object."))
    for name, allowed in condition.items():
        field = layer.by_name.get(name)
        if field is None or field.personal or name == "division":
            raise _unreadable(_("The layer has no field “%(name)s”.") % {"name": name})
        bounds = isinstance(allowed, dict) and allowed and set(allowed) <= set(COMPARISONS)
        if not bounds and not (isinstance(allowed, list) and allowed):
            raise _unreadable(_("“%(name)s” needs a list of values or bounds.") % {"name": name})
        if bounds and not all(isinstance(number, int | float) for number in allowed.values()):
            raise _unreadable(_("The bounds of “%(name)s” are not numbers.") % {"name": name})
        if bounds and layer.kind(field) not in {Kind.INTEGER, Kind.DECIMAL, Kind.YEAR}:
            raise _unreadable(_("“%(name)s” holds no numbers to compare.") % {"name": name})


def _unreadable(message: str) -> Rejected:
    return Rejected(
        message,
        remedy=_('Write it like {"category": ["public"]} or {"daily_capacity_m3": {"min": 1000}}.'),
        detail={"problems": [{"field": "condition", "message": message}]},
    )


def matches(condition: Condition, feature: Feature) -> bool:
    return all(_allowed(getattr(feature, name), each) for name, each in condition.items())


def _allowed(value: Any, allowed: Any) -> bool:
    if isinstance(allowed, list):
        return value in allowed
    if value is None:
        return set(allowed) == {"below"}
    number = Decimal(str(value))
    within = {"min": number.__ge__, "max": number.__le__, "below": number.__lt__}
    return all(within[name](Decimal(str(bound))) for name, bound in allowed.items())


def as_sql(condition: Condition, prefix: str) -> tuple[sql.Composable, dict[str, Any]]:
    """The same over the layer's columns; `prefix` keeps the placeholders of several apart."""
    clauses: list[sql.Composable] = []
    values: dict[str, Any] = {}
    for name, allowed in condition.items():
        column = sql.Identifier(name)
        if isinstance(allowed, list):
            key = f"{prefix}_{name}"
            values[key] = allowed
            clauses.append(sql.SQL("{} = ANY({})").format(column, sql.Placeholder(key)))
            continue
        for bound, number in allowed.items():
            key = f"{prefix}_{name}_{bound}"
            values[key] = number
            form = "({0} IS NULL OR {0} < {1})" if set(allowed) == {"below"} else "{0} {2} {1}"
            comparison = sql.SQL(COMPARISONS[bound])
            clauses.append(sql.SQL(form).format(column, sql.Placeholder(key), comparison))
    return sql.SQL(" AND ").join(clauses or [sql.SQL("TRUE")]), values
