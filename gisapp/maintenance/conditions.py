"""Which features a rule applies to: one condition over a row in memory, as SQL, and over columns.

A list allows its values; `min` and `max` are inclusive bounds, `below` an exclusive one that also
takes in the unknown: a water work of unrecorded capacity is looked after like a small one.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
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


Cells = Mapping[str, pa.Array]
"""Texts by column, as COPY takes them; a column that is not there has the table's default."""


def over_columns(layer: Layer, condition: Condition, cells: Cells, count: int) -> pa.Array:
    """The same over `count` rows that are not in the table yet: a boolean each, never null."""
    found = pa.array(np.ones(count, dtype=bool))
    for name, allowed in condition.items():
        column = cells[name] if name in cells else _default(layer, name, count)
        found = pc.and_(found, pc.fill_null(_allowed_cells(column, allowed), False))
    return found


def _default(layer: Layer, name: str, count: int) -> pa.Array:
    default = layer.column(name).get_default()
    text = None if default is None else _copied(default)
    return pa.repeat(pa.scalar(text, pa.string()), count)


def _allowed_cells(cells: pa.Array, allowed: Any) -> pa.Array:
    if isinstance(allowed, list):
        return pc.is_in(cells, value_set=pa.array(map(_copied, allowed), pa.string()))
    numbers = pc.cast(cells, pa.float64())
    within = {"min": pc.greater_equal, "max": pc.less_equal, "below": pc.less}
    found = reduce(pc.and_, (within[name](numbers, float(each)) for name, each in allowed.items()))
    return pc.fill_null(found, True) if set(allowed) == {"below"} else found


def _copied(value: Any) -> str:
    """A value as the text that COPY takes."""
    return str(value).lower() if isinstance(value, bool) else str(value)
