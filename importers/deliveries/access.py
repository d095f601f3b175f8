"""Who sees a delivery: its owner, and who may import in its division. To others it is not there."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from importers.models import Delivery
from layers.access import policy
from layers.access.policy import Actor
from layers.access.roles import Action
from layers.errors import NotFound
from layers.models.access import User


def visible(user: Actor) -> QuerySet[Delivery]:
    """Raises LoginRequired or Forbidden for who may import nowhere."""
    scope = policy.require_somewhere(user, Action.IMPORT)
    return Delivery.objects.filter(Q(owner_id=user.pk) | scope.q())


def visible_one(user: Actor, uid: UUID) -> Delivery:
    """Raises NotFound for one that is none of the user's business, as for one that is not."""
    found = visible(user).select_related("owner", "division").defer("division__boundary")
    delivery = found.filter(uid=uid).first()
    if delivery is None:
        raise NotFound(_("There is no such delivery in your divisions."))
    return delivery


def own_one(user: User, uid: UUID) -> Delivery:
    """One that the user uploads: nobody else adds to it. Raises NotFound."""
    delivery = visible_one(user, uid)
    if delivery.owner_id != user.pk:
        raise NotFound(_("There is no such delivery in your divisions."))
    return delivery
