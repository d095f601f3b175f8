"""Users and their grants: who may do what, and where."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

from layers.access.roles import ROLE_CHOICES


class User(AbstractUser):
    """A person with an account; `office` is the responsible unit (责任单位)."""

    office = models.CharField(max_length=120, blank=True)
    demonstration = models.BooleanField(default=False)

    class Meta(AbstractUser.Meta):
        db_table = "layers_user"


class Grant(models.Model):
    """Role × division (or zone): it covers the subtree. Neither place means the whole country.

    A grant ends by `revoked_at` and is never deleted. Who gave and who ended it is unknown (None)
    only where a program did: the demonstration data set, and grants from before this was kept.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    division = models.ForeignKey(
        "layers.Division", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    zone = models.ForeignKey(
        "layers.Zone", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField(default=timezone.now)
    granted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "layers_grant"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(division__isnull=True) | models.Q(zone__isnull=True),
                name="grant_has_one_place",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role} @ {self.division_id or self.zone_id or '*'}"


class Unmasking(models.Model):
    """The journal of every look at personal data, one record at a time.

    `division` is where the record was when it was looked at: it decides who may read the entry.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    layer = models.CharField(max_length=40)
    feature_id = models.BigIntegerField()
    division = models.CharField(max_length=12, blank=True, default="", db_collation="C")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "layers_unmasking"

    def __str__(self) -> str:
        return f"{self.user}: {self.layer}/{self.feature_id}"
