"""The tree of a filter: what both encodings are read into."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from layers.ogc.failures import BadFilter

DEEPEST = 40
MOST_TERMS = 2_000
LONGEST_FILTER = 60_000

COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
ARITHMETIC = ("+", "-", "*", "/", "%", "div", "^")
SPATIAL = frozenset(
    {
        "s_intersects",
        "s_equals",
        "s_disjoint",
        "s_touches",
        "s_within",
        "s_overlaps",
        "s_crosses",
        "s_contains",
    }
)
TEMPORAL = frozenset(
    {
        "t_after",
        "t_before",
        "t_contains",
        "t_disjoint",
        "t_during",
        "t_equals",
        "t_finishedby",
        "t_finishes",
        "t_intersects",
        "t_meets",
        "t_metby",
        "t_overlappedby",
        "t_overlaps",
        "t_startedby",
        "t_starts",
    }
)
FUNCTIONS = SPATIAL | TEMPORAL | {"casei"}


@dataclass(frozen=True, slots=True)
class Literal:
    value: str | int | Decimal | bool


@dataclass(frozen=True, slots=True)
class Instant:
    value: date | datetime


@dataclass(frozen=True, slots=True)
class Interval:
    """None is an open end."""

    start: "Expression | None"
    end: "Expression | None"


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry as it was written: in filter-crs, in the registry's axis order."""

    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Name:
    """A property."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """casei, a spatial or temporal function, or an arithmetic operator."""

    name: str
    arguments: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Combination:
    operator: str
    operands: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Negation:
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Comparison:
    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Like:
    operand: "Expression"
    pattern: "Expression"


@dataclass(frozen=True, slots=True)
class Between:
    operand: "Expression"
    low: "Expression"
    high: "Expression"


@dataclass(frozen=True, slots=True)
class IsIn:
    operand: "Expression"
    options: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class IsNull:
    operand: "Expression"


Expression = (
    Literal
    | Instant
    | Interval
    | Shape
    | Name
    | Call
    | Combination
    | Negation
    | Comparison
    | Like
    | Between
    | IsIn
    | IsNull
)


def unreadable(where: str = "") -> BadFilter:
    message = _("The filter cannot be read.")
    if where:
        message = _("The filter cannot be read at “%(where)s”.") % {"where": where[:60]}
    return BadFilter(
        message, remedy=_("Write it in CQL2, such as: people_served > 100 AND unmanaged = TRUE")
    )


def too_deep() -> BadFilter:
    return BadFilter(
        _("The filter is too long or nested too deeply."), remedy=_("Ask in several requests.")
    )


def called(name: str, arguments: tuple[Expression, ...]) -> Call:
    """Raises BadFilter for a function that there is not, or with too few or many arguments."""
    if name not in FUNCTIONS:
        raise BadFilter(
            _("There is no function “%(name)s”.") % {"name": name[:60]},
            remedy=_("The functions are: %(names)s") % {"names": ", ".join(sorted(FUNCTIONS))},
        )
    if len(arguments) != (1 if name == "casei" else 2):
        raise unreadable(name)
    return Call(name, arguments)
