"""Slows down whoever guesses passwords, over all processes, without locking anybody out.

Failures are counted by account and address together, so that guessing from one place never keeps
the owner out at another; and by address alone, against trying one password on many accounts.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from layers.errors import ServiceError
from layers.models.token import FailedAttempt
from layers.sql_files import packaged_sql

WINDOW = timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)


class TooManyAttempts(ServiceError):
    code = "too-many-attempts"
    status = 429


@dataclass(frozen=True, slots=True)
class Counter:
    """One count of failures: how many are free, and how long a wait may become."""

    key: str
    free: int
    longest: timedelta


def counters(*, purpose: str, username: str, address: str) -> tuple[Counter, Counter]:
    """What an attempt is charged to. `purpose` keeps a client's mistakes off the sign-in page."""
    place = _network(address)
    return (
        Counter(_key(purpose, username.casefold(), place), 10, timedelta(minutes=5)),
        Counter(_key(purpose, "", place), 200, timedelta(minutes=1)),
    )


def charge(charged: tuple[Counter, ...]) -> None:
    """Count one attempt. Raises TooManyAttempts, with the seconds to wait, where it is too soon."""
    now = timezone.now()
    for counter in charged:
        failures = _charge(counter, now)
        if failures is None:
            raise _too_many(counter, now)
        if failures == 1:
            FailedAttempt.objects.filter(last_at__lt=now - FORGOTTEN).delete()


def refund(charged: tuple[Counter, Counter]) -> None:
    """The attempt succeeded: the account's count is gone, the address's is one less.

    The address is not forgiven as a whole, or one own account would allow to guess at others.
    """
    of_account, of_address = charged
    FailedAttempt.objects.filter(pk=of_account.key).delete()
    FailedAttempt.objects.filter(pk=of_address.key).update(
        failures=Greatest(F("failures") - 1, 0), open_at=F("last_at")
    )


def _charge(counter: Counter, now: datetime) -> int | None:
    values: dict[str, Any] = {
        "key": counter.key,
        "now": now,
        "window": WINDOW,
        "free": counter.free,
        "longest": counter.longest,
    }
    with connection.cursor() as cursor:
        cursor.execute(packaged_sql("failed_attempt"), values)
        row = cursor.fetchone()
    return row[0] if row else None


def _too_many(counter: Counter, now: datetime) -> TooManyAttempts:
    open_at = FailedAttempt.objects.values_list("open_at", flat=True).get(pk=counter.key)
    wait = max(1, round((open_at - now).total_seconds()))
    return TooManyAttempts(
        _("Too many failed attempts to sign in."),
        remedy=_("Wait %(seconds)d seconds, then check the user name and the password.")
        % {"seconds": wait},
        detail={"retry_after": wait},
    )


def _key(*parts: str) -> str:
    return salted_hmac("layers.access.throttle", "\0".join(parts), algorithm="sha256").hexdigest()


def _network(address: str) -> str:
    """An IPv6 subscriber has a /64, and could use another address for every attempt."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address
