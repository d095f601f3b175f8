"""The ledger's length against the geometry's own, on the ellipsoid."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from psycopg2 import sql

from layers.checks import repair
from layers.checks.rows import place_of, suspects
from layers.checks.specification import Issue, Judged, Rule, Severity, Stamp, Subject
from layers.checks.window import Window
from layers.distance import ELLIPSOID
from layers.editing.rows import GEOMETRY
from layers.registry.specification import Label, Layer

LENGTH = "length_m"
MOST_M = 20
MOST_SHARE = 0.05
"""Of the measured length. A difference counts when it is more than both."""

STAMP = Stamp("road-length", Severity.WARNING, LENGTH, frozenset({GEOMETRY}))
SUSPICION = sql.SQL(
    "abs(t.length_m - ST_Length(t.geom::geography)) > "
    f"greatest({MOST_M}, {MOST_SHARE} * ST_Length(t.geom::geography)) * 0.999"
)


def judge(layer: Layer, subjects: Sequence[Subject]) -> Judged:
    asked = [
        index
        for index, each in enumerate(subjects)
        if each.state.get(GEOMETRY) and each.state.get(LENGTH) is not None
    ]
    measured = lengths([str(subjects[index].state[GEOMETRY]) for index in asked])
    stated = np.array([float(str(subjects[index].state[LENGTH])) for index in asked])
    off = np.abs(stated - measured) > np.maximum(MOST_M, MOST_SHARE * measured)
    for at in np.flatnonzero(off):
        subject = subjects[asked[at]]
        yield asked[at], _issue(layer, subject, float(stated[at]), float(measured[at]))


def find(layer: Layer, window: Window) -> Iterator[Issue]:
    found = list(suspects(layer, window, SUSPICION, (LENGTH,)))
    return (issue for _index, issue in judge(layer, found))


def lengths(ewkb: Sequence[str]) -> NDArray[np.float64]:
    """Metres of lines on the ellipsoid of CGCS2000: all their segments at once."""
    parts, owners = shapely.get_parts(shapely.from_wkb(ewkb), return_index=True)
    places, of_part = shapely.get_coordinates(parts, return_index=True)
    same = of_part[1:] == of_part[:-1]
    one, other = places[:-1][same], places[1:][same]
    metres = ELLIPSOID.inv(one[:, 0], one[:, 1], other[:, 0], other[:, 1])[2]
    owner = owners[of_part[1:][same]]
    return np.bincount(owner, weights=metres, minlength=len(ewkb)).astype(float)


def _issue(layer: Layer, subject: Subject, stated: float, measured: float) -> Issue:
    facts = {"stated": f"{stated:.1f}", "measured": f"{measured:.1f}"}
    message = _("The ledger says %(stated)s m, the line measures %(measured)s m.") % facts
    issue = STAMP.issue(layer, [subject.feature_id], message, place=place_of(subject))
    title = _("Set the length to the measured one")
    value = str(Decimal(facts["measured"]))
    return issue.fixed_by(repair.update(layer, subject, issue.id, title, **{LENGTH: value}))


RULE = Rule(
    name=STAMP.rule,
    severity=STAMP.severity,
    title=Label("里程与图形不符", "Length disagrees with the line"),
    explanation=Label(
        "台账里程与图形的椭球面长度相差超过5%且超过20米。",
        "The stated length differs from the line's, on the ellipsoid, by over 5 % and over 20 m.",
    ),
    applies=lambda layer: layer.geometry == "line" and LENGTH in layer.by_name,
    find=find,
    judge=judge,
    fixable=True,
)
