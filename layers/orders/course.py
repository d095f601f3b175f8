"""The course of an order: carried out, cancelled, ended, and cleared away when its time is over."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.access.policy import Actor, signed_in
from layers.errors import ServiceError
from layers.models.order import ACTIVE, Order, OrderState
from layers.orders.files import remove_files, remove_strays

KEPT_FOR = timedelta(days=7)
Kind = TypeVar("Kind", bound=Order)


def orders_of(kind: type[Kind], user: Actor) -> QuerySet[Kind]:
    """The reader's own, the latest first. Raises LoginRequired."""
    own: QuerySet[Kind] = kind._default_manager.filter(owner=signed_in(user))
    return own.order_by("-created_at", "-pk")


def under_way(kind: type[Order], user: Actor) -> int:
    """How many of the reader's wait or are being made."""
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
    and raised again."""
    try:
        made = make()
    except cancelled:
        finish(order, OrderState.CANCELLED)
    except ServiceError as refusal:
        finish(order, OrderState.FAILED, problem=told(refusal.message, refusal.remedy))
    except BaseException:
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
    """Discard what has expired, and folders that belong to nothing. Returns how many orders."""
    expired = list(kind._default_manager.filter(expires_at__lte=timezone.now()))
    for order in expired:
        discard(order)
    remove_strays(kind)
    return len(expired)


def _rows(order: Order) -> QuerySet[Order]:
    return type(order)._default_manager.filter(pk=order.pk)
