"""Credentials of desktop clients: access tokens, and the count of failed attempts."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class AccessToken(models.Model):
    """A secret that stands for one account in a desktop client, until it expires or is revoked.

    Only the SHA-256 of the secret is kept: 256 random bits need no slow hash. `prefix` is how the
    secret begins, by which its owner tells one from another.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_tokens"
    )
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "layers_access_token"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"


class FailedAttempt(models.Model):
    """Attempts to sign in that have not succeeded, by account and address, or by address alone.

    `key` is a keyed hash: the table names nobody. `open_at` is when the next attempt is heard.
    """

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    open_at = models.DateTimeField()

    class Meta:
        db_table = "layers_failed_attempt"

    def __str__(self) -> str:
        return f"{self.key[:8]}…: {self.failures}"
