"""The course of an order: carried out, cancelled, ended, and cleared away when its time is over."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.access.policy import Actor, signed_in
from layers.errors import ServiceError
from layers.models.access import User
from layers.models.order import ACTIVE, Order, OrderState
from layers.orders.files import remove_files, remove_strays
from layers.turns import take_turn

KEPT_FOR = timedelta(days=7)
Kind = TypeVar("Kind", bound=Order)
log = logging.getLogger(__name__)


def orders_of(kind: type[Kind], user: Actor) -> QuerySet[Kind]:
    """The reader's own, the latest first. Raises LoginRequired."""
    own: QuerySet[Kind] = kind._default_manager.filter(owner=signed_in(user))
    return own.order_by("-created_at", "-pk")


def under_way(kind: type[Order], user: User) -> int:
    """How many of the user's wait or are being made. In a transaction: who orders another one in it
    is counted by whoever asks at the same moment."""
    take_turn(f"{kind.FOLDER} of {user.pk}")
    return orders_of(kind, user).filter(state__in=ACTIVE).count()


def carry_out(
    order: Order,
    make: Callable[[], Mapping[str, object]],
    *,
    cancelled: type[ServiceError],
    broken: str,
) -> None:
    """Make it, and keep what came of it: the fields that `make` returns, a refusal in words, or
    that it was cancelled, which `make` raises as `cancelled`. Any other error is told as `broken`
    and raised again. A worker that is told to stop leaves it under way, as one that dies does."""
    try:
        made = make()
    except cancelled:
        finish(order, OrderState.CANCELLED)
    except ServiceError as refusal:
        finish(order, OrderState.FAILED, problem=told(refusal.message, refusal.remedy))
    except Exception:
        remedy = _("Try it again; tell the administrator if it happens again.")
        finish(order, OrderState.FAILED, problem=told(broken, remedy))
        raise
    else:
        finish(order, OrderState.DONE, **made)


def told(message: object, remedy: object) -> dict[str, str]:
    """A problem as it is kept: lazy texts in the language of now."""
    return {"message": str(message), "remedy": str(remedy)}


def finish(order: Order, state: OrderState, **more: object) -> None:
    """What is not done leaves no files."""
    if state != OrderState.DONE:
        remove_files(order)
    _rows(order).update(**ended(state), **more)


def ended(state: OrderState) -> dict[str, Any]:
    """The fields of an order that has come to an end now."""
    now: datetime = timezone.now()
    return {"state": state, "finished_at": now, "expires_at": now + KEPT_FOR}


def cancel(order: Order) -> None:
    """One that waits is cancelled now, one that is being made stops where it next looks."""
    _rows(order).filter(state=OrderState.WAITING).update(**ended(OrderState.CANCELLED))
    _rows(order).filter(state=OrderState.RUNNING).update(**{order.CANCEL: True})
    order.refresh_from_db()


def discard(order: Order) -> None:
    """The files and the line in the list."""
    remove_files(order)
    order.delete()


def purge(kind: type[Order]) -> int:
    """Discard what has expired, and folders that belong to nothing. Returns how many orders.

    One whose files cannot be removed is logged, stays, and is tried again the next time.
    """
    discarded = 0
    for order in kind._default_manager.filter(expires_at__lte=timezone.now()):
        try:
            discard(order)
        except OSError:
            log.exception("The files of %s %s cannot be removed.", kind.FOLDER, order.uid)
        else:
            discarded += 1
    remove_strays(kind)
    return discarded


def _rows(order: Order) -> QuerySet[Order]:
    return type(order)._default_manager.filter(pk=order.pk)
