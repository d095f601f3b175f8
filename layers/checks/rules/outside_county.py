"""A stated division that disagrees with the place: an issue to resolve, not silently changed."""

from collections.abc import Iterator, Sequence

import shapely
from django.utils.translation import gettext as _

from layers.checks import repair
from layers.checks.counties import displaced, strays
from layers.checks.rows import point_on, shape_of
from layers.checks.specification import Issue, Judged, Rule, Severity, Stamp, Subject
from layers.checks.window import Window
from layers.divisions import CountyLocator
from layers.registry.specification import Label, Layer

STAMP = Stamp("outside-county", Severity.WARNING, arises_from=frozenset({"division"}))


def judge(layer: Layer, subjects: Sequence[Subject]) -> Judged:
    """Of a county without a boundary nothing is said."""
    for each in displaced(subjects):
        if each.county is not None:
            ids = [subjects[each.index].feature_id]
            message = _outside(each.metres, each.county)
            yield each.index, STAMP.issue(layer, ids, message, place=point_on(each.shape))


def find(layer: Layer, window: Window) -> Iterator[Issue]:
    subjects = list(strays(layer, window))
    found = list(judge(layer, subjects))
    if not found:
        return
    shapes = [shape_of(subjects[index]) for index, _issue in found]
    standing = CountyLocator().locate([shapely.point_on_surface(shape) for shape in shapes])
    for (index, issue), county in zip(found, standing, strict=True):
        title = _("Set the division to the county it stands in")
        code = str(county)
        yield issue.fixed_by(
            repair.update(layer, subjects[index], issue.id, title, division=code) if code else None
        )


def _outside(metres: float, county: str) -> str:
    return _("The place is about %(km).1f km outside %(county)s.") % {
        "km": metres / 1000,
        "county": county,
    }


RULE = Rule(
    name=STAMP.rule,
    severity=STAMP.severity,
    title=Label("不在所属县内", "Outside its county"),
    explanation=Label(
        "位置在所填区划的县界600米以外（各界线数据之间可相差约600米）。",
        "The place is over 600 m outside the stated county (boundary sets disagree by that much).",
    ),
    find=find,
    judge=judge,
    fixable=True,
)
