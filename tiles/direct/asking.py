"""`?at=` and `?plan=`: which state of the map a request asks for."""

from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.access.policy import signed_in
from layers.errors import BadRequest, NotFound
from layers.models.plan import Plan
from layers.ogc.moments import day_bounds
from layers.ogc.properties import read_date, read_timestamp
from layers.plans.service import visible_plan
from tiles.direct.states import Past, Planned, Present, State

AT, PLAN = "at", "plan"
LONGEST_NUMBER = 18


def asked_state(request: HttpRequest) -> State:
    """Raises BadRequest for what cannot be read, for the future, and for both at once; NotFound
    and LoginRequired for a plan that the reader may not see."""
    at, plan = request.GET.get(AT), request.GET.get(PLAN)
    if at is not None and plan is not None:
        raise BadRequest(
            _("A past date and a plan cannot be shown at once."),
            remedy=_("Send either at or plan."),
        )
    if at is not None:
        return Past(past_moment(at, timezone.now()))
    if plan is not None:
        return Planned(_plan(request, plan))
    return Present()


def past_moment(text: str, now: datetime) -> datetime:
    """A day is read at its end, in China; today, and the moment itself, as far as they have come.

    Raises BadRequest for what is neither a day nor a time with its offset, and for the future.
    """
    # In an address a plus is a blank unless it is escaped; no time has a blank there.
    written = text.strip().replace(" ", "+")
    try:
        if "T" in written.upper():
            moment = first = read_timestamp(written)
        else:
            first, moment = day_bounds(read_date(written))
    except (ValueError, OverflowError) as error:
        raise BadRequest(
            _("The date cannot be read."),
            remedy=_("Send a day or a time with its offset, such as 2024-03-01."),
        ) from error
    if first > now:
        raise BadRequest(_("This date lies in the future."), remedy=_("Send a day up to today."))
    return min(moment, now.astimezone(UTC))


def _plan(request: HttpRequest, text: str) -> Plan:
    if not (text.isascii() and text.isdigit()) or len(text) > LONGEST_NUMBER:
        raise NotFound(_("There is no such plan in your divisions."))
    return visible_plan(signed_in(request.user), int(text))
