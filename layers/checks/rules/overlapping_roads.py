"""Roads that run together: kilometres that a sum over the network would count twice.

A stretch that two routes share is marked `repeated` and left out of such sums (domain.md, rural
roads); where one of the two says so there is no issue.
"""

from collections.abc import Iterator
from typing import Any

import shapely
from django.utils.translation import gettext as _
from psycopg2 import sql

from layers.checks.rows import geojson, query, rows_of
from layers.checks.specification import Issue, Rule, Severity, Stamp
from layers.checks.window import Window
from layers.registry.specification import Label, Layer

TOLERANCE_M = 1
LEAST_M = 20
MARK = "repeated"

STAMP = Stamp("overlapping-roads", Severity.WARNING)


def find(layer: Layer, window: Window) -> Iterator[Issue]:
    unmarked = sql.SQL("AND {} IS NOT TRUE AND {} IS NOT TRUE").format(
        sql.Identifier("a", MARK), sql.Identifier("b", MARK)
    )
    statement = query(
        "overlapping_roads",
        table=sql.Identifier(layer.table),
        window=window.condition("a"),
        pairs=window.pairs("a", "b"),
        visible=window.comparable("b"),
        unmarked=unmarked if MARK in layer.by_name else sql.SQL(""),
        tolerance=sql.Literal(TOLERANCE_M),
        least=sql.Literal(LEAST_M),
    )
    return (_issue(layer, row) for row in rows_of(statement))


def _issue(layer: Layer, row: tuple[Any, ...]) -> Issue:
    one, other, shared, metres = row
    message = _("Two roads run together for %(metres).0f m.") % {"metres": metres}
    place = geojson(shapely.from_wkb(bytes(shared)))
    return STAMP.issue(layer, [one, other], message, place=place)


RULE = Rule(
    name=STAMP.rule,
    severity=STAMP.severity,
    title=Label("道路重叠", "Overlapping roads"),
    explanation=Label(
        "两条道路重合超过20米，且均未标为重复路段。",
        "Two roads run together for over 20 m and neither is marked as shared with another route.",
    ),
    applies=lambda layer: layer.geometry == "line",
    find=find,
)
