"""On whose word an edit is made: the author's own grants, or a reviewer who lets it in."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from layers.access import policy
from layers.access.policy import Scope
from layers.access.roles import Action
from layers.errors import Forbidden, LoginRequired, NotFound
from layers.models.access import User


class LateEdit(Exception):
    """The author might have done this when it was done, and may no longer: it is held."""

    def __init__(self, division: str) -> None:
        super().__init__(division)
        self.division = division


@dataclass(frozen=True, slots=True)
class Authority:
    """`author` is whose edit it is; `reviewer` who let it in, if that was needed."""

    author: User
    visible: Scope
    editable: Scope
    reviewer: User | None = None

    @classmethod
    def of(cls, author: User) -> "Authority":
        """Raises LoginRequired without an account."""
        if not author.is_authenticated:
            raise LoginRequired(_("This needs an account."), remedy=_("Log in and try again."))
        rights = policy.rights(author)
        return cls(author, rights.scope(Action.VIEW), rights.scope(Action.EDIT))

    @classmethod
    def reviewed(cls, author: User, reviewer: User) -> "Authority":
        """The edits of one person, let in by another who may review there."""
        scope = policy.scope(reviewer, Action.REVIEW)
        return cls(author, scope, scope, reviewer)

    def require(self, division: str, captured_at: datetime) -> None:
        """For a feature that is there: one out of sight looks like one that is not.

        Raises NotFound, Forbidden, or LateEdit where only a grant that has ended since would have
        allowed it.
        """
        if self._had(division, captured_at) or self.visible.covers(division):
            self.require_place(division, captured_at)
            return
        raise out_of_sight()

    def require_place(self, division: str, captured_at: datetime) -> None:
        """For a division that the author names. Raises Forbidden or LateEdit."""
        if self.editable.covers(division):
            return
        if self._had(division, captured_at):
            raise LateEdit(division)
        raise Forbidden(
            _("Your account may not do this here."),
            remedy=_("Ask the administrator for a grant in this division."),
        )

    def _had(self, division: str, captured_at: datetime) -> bool:
        if self.reviewer is not None or self.editable.covers(division):
            return False
        return policy.had(self.author, Action.EDIT, division, captured_at)


def out_of_sight() -> NotFound:
    return NotFound(
        _("There is no such feature in your divisions."),
        remedy=_("It may have been deleted: reload the map."),
    )
