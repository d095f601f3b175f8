"""Photographs that prove a visit."""

from django.db import models

from gisapp.verification.models.visit import Visit


class Photo(models.Model):
    """One photograph, its bytes kept as they came. `stored_name` is ours, below MEDIA_ROOT."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photos")
    stored_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "sha256"], name="visit_photo_once")]

    def __str__(self) -> str:
        return self.sha256[:12]
