"""Which state of a collection a tile is asked for: `datetime`, or `subset=datetime("…")`.

The second says the same in the words of coverages (20-057, Requirements Class DateTime,
/req/datetime/axis): `subset=datetime("2024-03-01T00:00:00Z")`, `subset=datetime(*:"2024-03-01")`.
"""

import re

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.ogc.failures import BadParameter
from layers.ogc.moments import Period, read_period
from layers.ogc.parameters import known_only
from tiles.direct.states import Past, Present, State

DATETIME, SUBSET = "datetime", "subset"

_POINT = r'"[^"/]*"'
_SUBSET = re.compile(rf"datetime\((?:({_POINT})|({_POINT}|\*):({_POINT}|\*))\)")


def asked_state(request: HttpRequest) -> State:
    """As /items reads it: an interval is read at its end. Raises BadParameter."""
    given = known_only(request, (DATETIME, SUBSET))
    if given.keys() >= {DATETIME, SUBSET}:
        raise BadParameter(SUBSET, _("Send either datetime or subset."))
    if SUBSET in given:
        period = _read_subset(given[SUBSET])
    elif DATETIME in given:
        period = read_period(given[DATETIME])
    else:
        return Present()
    moment = period.past_moment(timezone.now())
    return Past(moment) if moment else Present()


def _read_subset(text: str) -> Period:
    """The axis `datetime` only, at a point or from a low to a high one, either of which may be *
    (/req/collections/rc-subset-definition); another axis is refused."""
    found = _SUBSET.fullmatch(text)
    if found is None:
        raise BadParameter(
            SUBSET,
            _("The subset cannot be read."),
            remedy=_('The only axis is datetime, such as datetime("2026-05-01T08:00:00Z").'),
        )
    point, low, high = found.groups()
    if point:
        return read_period(_instant(point))
    return read_period(f"{_instant(low)}/{_instant(high)}")


def _instant(written: str) -> str:
    return ".." if written == "*" else written.strip('"')
