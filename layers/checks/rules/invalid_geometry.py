"""Shapes that break the rules of simple features: rings that cross themselves and the like."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from django.utils.translation import gettext as _
from psycopg2 import sql
from shapely.geometry.base import BaseGeometry

from layers.checks import repair
from layers.checks.rows import flaw_of, shape_of, suspects
from layers.checks.specification import Fix, Issue, Judged, Rule, Severity, Stamp, Subject
from layers.checks.window import Window
from layers.registry.specification import Label, Layer

STAMP = Stamp("invalid-geometry", Severity.ERROR)
SUSPICION = sql.SQL("t.geom IS NOT NULL AND NOT ST_IsValid(t.geom)")
_SAME_FAMILY = {"line": "LineString", "polygon": "Polygon", "point": "Point"}
_MULTI = {"line": shapely.multilinestrings, "polygon": shapely.multipolygons}


def judge(layer: Layer, subjects: Sequence[Subject]) -> Judged:
    shapes = np.array([shape_of(each) for each in subjects], dtype=object)
    for index in np.flatnonzero(~shapely.is_valid(shapes)).tolist():
        if shapes[index] is not None:
            yield index, _issue(layer, subjects[index], shapes[index])


def find(layer: Layer, window: Window) -> Iterator[Issue]:
    found = list(suspects(layer, window, SUSPICION, repair.MEASURED_AS))
    return (issue for _index, issue in judge(layer, found))


def _issue(layer: Layer, subject: Subject, shape: BaseGeometry) -> Issue:
    reason = str(shapely.is_valid_reason(shape)).partition("[")[0]
    message = _("The shape is not valid: %(reason)s") % {"reason": reason}
    issue = STAMP.issue(layer, [subject.feature_id], message, place=flaw_of(shape))
    return issue.fixed_by(_fix(layer, subject, shape, issue.id))


def _fix(layer: Layer, subject: Subject, shape: BaseGeometry, issue: str) -> Fix | None:
    """Made valid, where that leaves a line a line and an area an area."""
    mended = shapely.make_valid(shape)
    family = mended.geom_type.removeprefix("Multi")
    if mended.is_empty or family != _SAME_FAMILY[layer.geometry] or family == "Point":
        return None
    stored = _MULTI[layer.geometry](list(shapely.get_parts(mended)))
    return repair.update(layer, subject, issue, _("Make the shape valid"), shape=stored)


RULE = Rule(
    name=STAMP.rule,
    severity=STAMP.severity,
    title=Label("图形无效", "Invalid shape"),
    explanation=Label(
        "图形自相交、洞在外环之外或长度为零。",
        "The shape crosses itself, has a hole outside its shell, or no extent.",
    ),
    applies=lambda layer: layer.geometry != "point",
    find=find,
    judge=judge,
    fixable=True,
)
