"""The user of a browser's session, as each request reads it."""

from django.contrib.auth.backends import ModelBackend

from layers.access import policy
from layers.models.access import User


class SessionBackend(ModelBackend):
    """Django's, whose users know for the length of the request what they may do."""

    def get_user(self, user_id: int) -> User | None:
        user = super().get_user(user_id)
        return policy.remembering(user) if isinstance(user, User) else None
