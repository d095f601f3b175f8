"""The datetime parameter: an instant or an interval, open ends allowed (RFC 3339, section 5.6)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from layers.ogc.failures import BadParameter
from layers.ogc.properties import read_date, read_timestamp

OPEN = {"", ".."}
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`, both inside; None is an open end. A day is read in local time."""

    start: datetime | None
    end: datetime | None

    @property
    def first_day(self) -> date | None:
        return timezone.localdate(self.start) if self.start else None

    @property
    def last_day(self) -> date | None:
        return timezone.localdate(self.end) if self.end else None

    def past_moment(self, now: datetime) -> datetime | None:
        """The moment whose state is wanted, None where that is the present."""
        return self.end if self.end is not None and self.end < now else None


def read_period(text: str) -> Period:
    """Raises BadParameter for what is neither an instant nor an interval in order."""
    parts = text.split("/")
    try:
        if len(parts) == 1:
            period = Period(*_instant(text))
        elif len(parts) == 2:
            start = None if parts[0] in OPEN else _instant(parts[0])[0]
            end = None if parts[1] in OPEN else _instant(parts[1])[1]
            period = Period(start, end)
        else:
            raise _unreadable()
    except (ValueError, OverflowError) as error:
        raise _unreadable() from error
    if period.start and period.end and period.start > period.end:
        raise _unreadable()
    return period


def _instant(text: str) -> tuple[datetime, datetime]:
    """First and last moment of what is written. Raises ValueError."""
    if "T" not in text.upper():
        return day_bounds(read_date(text))
    moment = read_timestamp(text)
    return moment, moment


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First and last moment of a local day, in UTC. Raises OverflowError at the ends of time."""
    zone = timezone.get_default_timezone()
    first = datetime.combine(day, time.min, zone).astimezone(UTC)
    return first, first + timedelta(days=1) - TICK


def _unreadable() -> BadParameter:
    return BadParameter(
        "datetime",
        _("The datetime cannot be read."),
        remedy=_("Send a moment or an interval, such as 2026-05-01T08:00:00Z or 2026-01-01/.."),
    )
