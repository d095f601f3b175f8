"""Which rasters a user sees: those of divisions that their grants touch, and the public ones."""

from django.db.models import Q, QuerySet

from layers.access.policy import CODE_DIGITS, LEVEL_DIGITS, Actor, Scope, scope
from layers.access.roles import Action
from layers.models.raster import Raster


def visible_rasters(user: Actor) -> QuerySet[Raster]:
    """Rasters that are there and that the user may see; anonymous users the public ones.

    A grant touches a raster's division when it covers it, and when it lies inside it: a township's
    planner needs the picture of the county.
    """
    granted = scope(user, Action.VIEW)
    return Raster.objects.filter(
        Q(public=True) | granted.q() | Q(division__in=_above(granted)), removed_at=None
    )


def _above(granted: Scope) -> set[str]:
    """Codes of the divisions that have a part of the scope inside them.

    >>> sorted(_above(Scope(("433124110",))))
    ['430000000000', '433100000000', '433124000000', '433124110000']
    """
    return {
        prefix[:digits].ljust(CODE_DIGITS, "0")
        for prefix in granted.prefixes
        for digits in LEVEL_DIGITS
        if digits <= len(prefix)
    }
