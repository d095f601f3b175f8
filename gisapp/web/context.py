"""What base.html needs on every page."""

from django.conf import settings
from django.http import HttpRequest

from gisapp.web.grants import own_grants
from gisapp.web.navigation import entries_for
from layers.access import policy
from layers.access.roles import Action
from layers.models import User


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor; each value is a function, so that a page without a header asks nothing."""
    user = getattr(request, "user", None)
    if user is None:  # An error page for a request that failed before it had a user.
        return {"development": settings.DEVELOPMENT}
    return {
        "development": settings.DEVELOPMENT,
        "navigation": lambda: entries_for(request),
        "user_grants": lambda: own_grants(user) if user.is_authenticated else [],
        "administers": lambda: not policy.scope(user, Action.ADMINISTER).empty,
        "demonstration": lambda: User.objects.filter(demonstration=True).exists(),
    }
