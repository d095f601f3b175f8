"""What a person settled for one kind of file, for the next file of the same shape."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Profile(models.Model):
    """`shape` is a digest of the columns (importers.matching.columns.shape_of)."""

    layer = models.CharField(max_length=40)
    shape = models.CharField(max_length=64)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="import_profiles"
    )
    name = models.CharField(max_length=120)
    interpretation = models.JSONField()
    uses = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "importers_profile"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "layer", "shape"], name="profile_of_shape_once"
            )
        ]

    def __str__(self) -> str:
        return f"profile {self.pk} of {self.layer}"
