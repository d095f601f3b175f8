"""Whose credentials these are: a user name with a password or a token, or a token alone.

A desktop client sends its password with every tile, and a password's hash is slow on purpose. So a
verified pair is remembered for some minutes: under a keyed hash of the pair, in this process's
memory, with a hash of the account's password hash. The account is read on every request; a
changed password or a disabled account therefore ends it at once.
"""

from django.contrib.auth.backends import ModelBackend
from django.core.cache import cache
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from layers.access import throttle, tokens
from layers.errors import LoginRequired, ServiceError
from layers.models.access import User

REMEMBERED_S = 300


class BadCredentials(ServiceError):
    """Says the same, and takes as long, whether the account exists or not."""

    code = "bad-credentials"
    status = LoginRequired.status


def user_of_token(secret: str) -> User:
    """Raises BadCredentials. Tokens are 256 random bits: guessing needs no throttle."""
    user = tokens.user_of(secret)
    if user is None:
        raise BadCredentials(
            _("This access token is not valid."),
            remedy=_("It may have expired or been revoked. Make a new one on your account page."),
        )
    return user


def user_of_password(username: str, password: str, *, address: str) -> User:
    """Whose user name and password (or token in its place) these are.

    `address` is where the attempt comes from. Raises BadCredentials or TooManyAttempts.
    """
    if tokens.looks_like_token(password):
        user = user_of_token(password)
        if not constant_time_compare(user.get_username(), username):
            raise _wrong()
        return user
    known = _remembered(username, password)
    if known is not None:
        return known
    charged = throttle.counters(purpose="client", username=username, address=address)
    throttle.charge(charged)
    user = _verified(username, password)
    throttle.refund(charged)
    cache.set(_key(username, password), (user.pk, user.get_session_auth_hash()), REMEMBERED_S)
    return user


def _verified(username: str, password: str) -> User:
    """Django's backend hashes once for an unknown name, too, and checks `is_active` after that."""
    if "\x00" in username:
        raise _wrong()
    user = ModelBackend().authenticate(None, username=username, password=password)
    if not isinstance(user, User):
        raise _wrong()
    return user


def _remembered(username: str, password: str) -> User | None:
    found = cache.get(_key(username, password))
    if found is None:
        return None
    pk, password_state = found
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), password_state):
        return None
    return user


def _key(username: str, password: str) -> str:
    pair = f"{len(username)}:{username}{password}"
    return "credential:" + salted_hmac("layers.credentials", pair, algorithm="sha256").hexdigest()


def _wrong() -> BadCredentials:
    return BadCredentials(
        _("The user name and the password do not fit."),
        remedy=_("Check both, or use an access token from your account page."),
    )
