"""Who acts when a command is run: a named account, never nobody."""

from django.utils.translation import gettext as _

from layers.errors import Rejected
from layers.models.access import User


def actor_named(username: str | None) -> User:
    """The active account of that name; without a name the one superuser, if there is just one."""
    active = User.objects.filter(is_active=True)
    if username:
        found = active.filter(username=username).first()
        if found is None:
            raise Rejected(
                _("There is no active account “%(name)s”.") % {"name": username},
                remedy=_("Name your account with --user USERNAME."),
            )
        return found
    superusers = list(active.filter(is_superuser=True)[:2])
    if len(superusers) != 1:
        raise Rejected(
            _("Say whose account acts."), remedy=_("Name your account with --user USERNAME.")
        )
    return superusers[0]
