"""The divisions a reader may export: found by name or code, inside their own."""

from dataclasses import dataclass

from django.db.models import Case, Q, When

from layers.access.policy import Scope
from layers.divisions.names import place_names
from layers.models import Division

MOST = 12
LONGEST_SEARCH = 60


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """`code` is what the form sends."""

    code: str
    name: str


def place_choices(scope: Scope, text: str, chosen: str = "") -> list[PlaceChoice]:
    """Without a text: the reader's own divisions as wholes. Exact names come first.

    What is chosen already stays in the list, whatever is searched for.
    """
    wanted = text.strip()[:LONGEST_SEARCH]
    if "\x00" in wanted:
        return []
    if not wanted:
        condition = Q(code__in=[low for low, _high in scope.ranges()])
    elif wanted.isascii() and wanted.isdigit():
        condition = Q(code__startswith=wanted)
    else:
        condition = Q(name__contains=wanted)
    rows = (
        Division.objects.filter(scope.q("code"), condition, valid_to__isnull=True)
        .annotate(
            longer=Case(When(name=wanted, then=0), default=1),
            depth=Case(*(When(level=level, then=at) for at, level in enumerate(Division.Level))),
        )
        .order_by("longer", "depth", "code")
        .values_list("code", flat=True)[:MOST]
    )
    codes = list(dict.fromkeys([*([chosen] if scope.covers(chosen) else []), *rows]))
    names = place_names(codes)
    return [PlaceChoice(code, names[code]) for code in codes]
