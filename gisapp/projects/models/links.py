"""Which features a project reaches."""

from django.db import models
from django.utils.translation import pgettext_lazy

from gisapp.projects.models.project import Project


class ProjectFeature(models.Model):
    """A feature a project plans, builds, renovates or benefits, and its share of the money.

    The shares make it possible to follow every yuan to a place.
    """

    class Role(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("project role", "Plans")
        BUILDS = "builds", pgettext_lazy("project role", "Builds")
        RENOVATES = "renovates", pgettext_lazy("project role", "Renovates")
        BENEFITS = "benefits", pgettext_lazy("project role", "Benefits")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="features")
    layer = models.CharField(max_length=40)
    feature_id = models.BigIntegerField()
    role = models.CharField(max_length=10, choices=Role.choices)
    funds_share_yuan = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "layer", "feature_id", "role"], name="project_feature_once"
            )
        ]
        indexes = [models.Index(fields=["layer", "feature_id"], name="project_of_feature")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.role} {self.layer}/{self.feature_id}"
