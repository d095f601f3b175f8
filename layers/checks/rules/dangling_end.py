"""Ends of roads that stop just short of another road: the network has a gap there."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from psycopg2 import sql
from shapely.geometry.base import BaseGeometry

from layers.checks import repair
from layers.checks.rows import geojson, query, rows_of
from layers.checks.specification import Fix, Issue, Rule, Severity, Stamp, Subject
from layers.checks.window import Window
from layers.editing.rows import GEOMETRY
from layers.registry.specification import Label, Layer

WITHIN_M = 10
TOUCHING_M = 0.05
"""Nearer counts as touching: a point on a slanting line has no exact ordinates."""
STRETCH = 1.16
"""Web Mercator's metres are shorter on the ground by no more than this in Hunan (30.2°N)."""

STAMP = Stamp("dangling-end", Severity.WARNING)


def find(layer: Layer, window: Window) -> Iterator[Issue]:
    statement = query(
        "dangling_ends",
        table=sql.Identifier(layer.table),
        window=window.condition("a"),
        visible=window.comparable("b"),
        reach=sql.Literal(WITHIN_M * STRETCH),
        within=sql.Literal(WITHIN_M),
        touching=sql.Literal(TOUCHING_M),
    )
    return (_issue(layer, row) for row in rows_of(statement))


def _issue(layer: Layer, row: tuple[Any, ...]) -> Issue:
    feature_id, version, geom, method, accuracy, part, is_end, other, metres, snapped = row
    state = {GEOMETRY: geom, "method": method, "accuracy_m": accuracy}
    subject = Subject(feature_id, version, state)
    shape = shapely.from_wkb(geom)
    end = shapely.get_point(shapely.get_geometry(shape, part), -1 if is_end else 0)
    issue = STAMP.issue(
        layer,
        [feature_id, other],
        _("The road ends %(metres).1f m short of another.") % {"metres": metres},
        place=geojson(end),
        about=f"{'end' if is_end else 'start'}-{part}-of-{feature_id}",
    )
    moved = _moved(shape, part, is_end, shapely.from_wkb(bytes(snapped)))
    return issue.fixed_by(_fix(layer, subject, moved, issue.id))


def _moved(shape: BaseGeometry, part: int, is_end: bool, to: BaseGeometry) -> BaseGeometry:
    lines = list(shapely.get_parts(shape))
    places = np.array(shapely.get_coordinates(lines[part]))
    places[-1 if is_end else 0] = (to.x, to.y)
    lines[part] = shapely.LineString(places)
    return shapely.multilinestrings(lines)


def _fix(layer: Layer, subject: Subject, moved: BaseGeometry, issue: str) -> Fix | None:
    if not moved.is_valid:
        return None
    return repair.update(layer, subject, issue, _("Snap the end to that road"), shape=moved)


RULE = Rule(
    name=STAMP.rule,
    severity=STAMP.severity,
    title=Label("道路端点未衔接", "Dangling road end"),
    explanation=Label(
        "道路端点距另一条道路不到10米却未与其相接。",
        "A road ends within 10 m of another without touching it.",
    ),
    applies=lambda layer: layer.geometry == "line",
    find=find,
    fixable=True,
)
