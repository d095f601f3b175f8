"""The journal of accounts: who created, disabled, granted, revoked, and when."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AccountEvent(models.Model):
    """One act on an account. Append-only: the database refuses to alter or drop a row.

    `actor` did it to `account`; `grant` where it was about one. Never holds a secret.
    """

    class Kind(models.TextChoices):
        CREATED = "created", _("Account created")
        DISABLED = "disabled", _("Account disabled")
        ENABLED = "enabled", _("Account enabled")
        PASSWORD_SET = "password-set", _("New password set")
        PASSWORD_CHANGED = "password-changed", _("Own password changed")
        GRANTED = "granted", _("Role granted")
        REVOKED = "revoked", _("Grant revoked")
        TOKEN_CREATED = "token-created", _("Access token created")
        TOKEN_REVOKED = "token-revoked", _("Access token revoked")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="account_events"
    )
    grant = models.ForeignKey("layers.Grant", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "layers_account_event"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.account_id} by {self.actor_id}"
