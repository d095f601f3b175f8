"""Places that no disagreement of boundary sets explains: outside the province altogether."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from django.utils.translation import gettext as _

from layers.checks.counties import PROVINCE, boundaries, displaced, metres_outside, strays
from layers.checks.rows import point_on
from layers.checks.specification import Issue, Judged, Rule, Severity, Stamp, Subject
from layers.checks.window import Window
from layers.divisions import HUNAN_BOUNDS
from layers.registry.specification import Label, Layer

LIMIT_M = 2_000
"""Boundary sets disagree by 563 m (p95; domain.md, divisions). What blocks a write is far beyond
that; what is nearer is outside its county, which is a warning."""

STAMP = Stamp("outside-hunan", Severity.ERROR)


def judge(layer: Layer, subjects: Sequence[Subject]) -> Judged:
    """Who is near their own county is in Hunan; only about the others the province is asked."""
    asked = list(displaced(subjects))
    if not asked:
        return
    found = boundaries([PROVINCE])
    province = found[PROVINCE].boundary if found else shapely.box(*HUNAN_BOUNDS)
    shapes = np.array([each.shape for each in asked], dtype=object)
    away = metres_outside(province, shapes, LIMIT_M)
    for each, metres in zip(asked, away, strict=True):
        if metres > 0:
            message = _("The place is outside Hunan: are the axes swapped, or is it another datum?")
            ids = [subjects[each.index].feature_id]
            yield each.index, STAMP.issue(layer, ids, message, place=point_on(each.shape))


def find(layer: Layer, window: Window) -> Iterator[Issue]:
    return (issue for _index, issue in judge(layer, list(strays(layer, window))))


RULE = Rule(
    name=STAMP.rule,
    severity=STAMP.severity,
    title=Label("位于湖南省外", "Outside Hunan"),
    explanation=Label(
        "位置距省界2公里以外：常见原因是经纬度颠倒或坐标系有误。",
        "The place is over 2 km outside the province: swapped axes or another datum, mostly.",
    ),
    find=find,
    judge=judge,
)
