"""What base.html needs on every page."""

from django.conf import settings
from django.http import HttpRequest

from gisapp.web.navigation import entries_for
from layers.access.roles import ROLE_LABELS, Role
from layers.models import Grant, User


def grants_of(user: User) -> list[dict[str, str]]:
    """The user's grants in words: role and place."""
    grants = Grant.objects.filter(user=user, revoked_at__isnull=True).select_related(
        "division", "zone"
    )
    return [{"role": str(ROLE_LABELS[Role(each.role)]), "place": _place(each)} for each in grants]


def _place(grant: Grant) -> str:
    found = grant.division or grant.zone
    return found.name if found else ""


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor; each value is a function, so that a page without a header asks nothing."""
    user = getattr(request, "user", None)
    if user is None:  # An error page for a request that failed before it had a user.
        return {"development": settings.DEVELOPMENT}
    return {
        "development": settings.DEVELOPMENT,
        "navigation": lambda: entries_for(request),
        "user_grants": lambda: grants_of(user) if user.is_authenticated else [],
        "demonstration": lambda: User.objects.filter(demonstration=True).exists(),
    }
