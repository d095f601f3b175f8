"""Access tokens: made, recognised, revoked. Only a hash of the secret is ever kept."""

import hashlib
import re
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import BadRequest, NotFound
from layers.models.access import User
from layers.models.account_event import AccountEvent
from layers.models.token import AccessToken

MARK = "xc_"
SECRET_BYTES = 32
SHAPE = re.compile(r"xc_[A-Za-z0-9_-]{43}")
PREFIX_LETTERS = 8
NOTED_EVERY = timedelta(hours=1)
LIFETIMES_DAYS = (30, 90, 365)
MOST_EACH = 20


def looks_like_token(text: str) -> bool:
    return SHAPE.fullmatch(text) is not None


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_token(*, actor: User, name: str, days: int) -> tuple[AccessToken, str]:
    """A new token of the actor's own, and its secret, which nobody can ever read again.

    Raises BadRequest for an empty name, a lifetime that is not offered, or too many tokens.
    """
    name = name.strip()
    if not name or "\x00" in name or days not in LIFETIMES_DAYS:
        raise BadRequest(_("A token needs a name and one of the offered lifetimes."))
    if active_tokens(actor).count() >= MOST_EACH:
        raise BadRequest(
            _("You already have %(count)d tokens.") % {"count": MOST_EACH},
            remedy=_("Revoke one that is no longer used."),
        )
    secret = MARK + secrets.token_urlsafe(SECRET_BYTES)
    now = timezone.now()
    token = AccessToken.objects.create(
        user=actor,
        name=name[:60],
        prefix=secret[: len(MARK) + PREFIX_LETTERS],
        digest=digest_of(secret),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    _journal(AccountEvent.Kind.TOKEN_CREATED, token)
    return token, secret


@transaction.atomic
def revoke_token(*, actor: User, token_id: int) -> AccessToken:
    """End one of the actor's own tokens; twice is once. Raises NotFound for anybody else's."""
    token = AccessToken.objects.select_for_update().filter(user=actor, pk=token_id).first()
    if token is None:
        raise NotFound(_("You have no such token."))
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        _journal(AccountEvent.Kind.TOKEN_REVOKED, token)
    return token


def active_tokens(user: User) -> QuerySet[AccessToken]:
    return AccessToken.objects.filter(
        user=user, revoked_at__isnull=True, expires_at__gt=timezone.now()
    )


def user_of(secret: str) -> User | None:
    """Whose token this is, if it is in force and the account is; its use is noted."""
    now = timezone.now()
    token = (
        AccessToken.objects.select_related("user")
        .filter(digest=digest_of(secret), revoked_at__isnull=True, expires_at__gt=now)
        .first()
    )
    if token is None or not token.user.is_active:
        return None
    # A client sends its token with every tile: one write an hour is enough to see it is in use.
    long_ago = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - NOTED_EVERY:
        AccessToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=now)
    return token.user


def _journal(kind: AccountEvent.Kind, token: AccessToken) -> None:
    AccountEvent.objects.create(
        kind=kind, actor=token.user, account=token.user, note=f"{token.prefix}… {token.name}"
    )
