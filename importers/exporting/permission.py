"""Where an export may take from: the reader's grants, and for personal data those to unmask."""

from django.utils.translation import gettext as _

from layers.access import policy
from layers.access.policy import Actor, Scope, division_prefix
from layers.access.roles import Action
from layers.errors import Forbidden, NotFound
from layers.models.division import Division


def scope_of(actor: Actor, division: str) -> Scope:
    """What the reader may see of a division, or of everything.

    Raises LoginRequired or Forbidden without any grant there, NotFound for no division.
    """
    seen = policy.require_somewhere(actor, Action.VIEW)
    if not division:
        return seen
    if not Division.objects.filter(pk=division).exists():
        raise NotFound(
            _("There is no division %(code)s.") % {"code": division},
            remedy=_("Give its code of 12 digits."),
        )
    found = policy.narrowed(seen, Scope.of([division_prefix(division)]))
    if found.empty:
        raise Forbidden(
            _("Your account may not do this here."),
            remedy=_("Ask the administrator for a grant in this division."),
        )
    return found


def may_unmask_all(actor: Actor, scope: Scope) -> bool:
    """Whether personal data may be seen everywhere in a scope, not just in a part of it."""
    return policy.narrowed(scope, policy.scope(actor, Action.UNMASK)) == scope


def require_unmask_all(actor: Actor, scope: Scope) -> None:
    if not may_unmask_all(actor, scope):
        raise Forbidden(
            _("Your account may not see personal data in all of the chosen place."),
            remedy=_("Choose a division in which it may, or export without personal data."),
        )


def still_covered(actor: Actor, prefixes: list[str], *, personal: bool) -> bool:
    """Whether a file made of these divisions may still be handed to its owner."""
    return policy.still_covers(actor, prefixes, Action.UNMASK if personal else Action.VIEW)
