"""The roles and what each may do; the whole matrix in one table."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    VIEWER = "viewer"
    INSPECTOR = "inspector"
    MAINTAINER = "maintainer"
    PLANNER = "planner"
    REVIEWER = "reviewer"
    STEWARD = "steward"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    VIEW = "view"
    EDIT = "edit"
    MAINTAIN = "maintain"
    INSPECT = "inspect"
    REVIEW = "review"
    IMPORT = "import"
    UNMASK = "unmask"
    ADMINISTER = "administer"


PERMISSIONS: dict[Role, frozenset[Action]] = {
    Role.VIEWER: frozenset({Action.VIEW}),
    Role.INSPECTOR: frozenset({Action.VIEW, Action.INSPECT}),
    Role.MAINTAINER: frozenset({Action.VIEW, Action.MAINTAIN}),
    Role.PLANNER: frozenset({Action.VIEW, Action.EDIT}),
    Role.REVIEWER: frozenset({Action.VIEW, Action.REVIEW}),
    Role.STEWARD: frozenset(
        {
            Action.VIEW,
            Action.EDIT,
            Action.MAINTAIN,
            Action.INSPECT,
            Action.IMPORT,
            Action.UNMASK,
        }
    ),
    Role.ADMINISTRATOR: frozenset(Action),
}

ROLE_LABELS = {
    Role.VIEWER: _("Viewer"),
    Role.INSPECTOR: _("Inspector"),
    Role.MAINTAINER: _("Maintainer"),
    Role.PLANNER: _("Planner"),
    Role.REVIEWER: _("Reviewer"),
    Role.STEWARD: _("Steward"),
    Role.ADMINISTRATOR: _("Administrator"),
}
ROLE_CHOICES = [(role.value, label) for role, label in ROLE_LABELS.items()]


def roles_that_may(action: Action) -> list[str]:
    return [role.value for role, actions in PERMISSIONS.items() if action in actions]
