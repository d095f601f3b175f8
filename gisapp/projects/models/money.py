"""Where a project's money comes from."""

from django.db import models

from gisapp.projects.models.project import Project


class Funding(models.Model):
    """One source of a project's money, in yuan; `source` is a code of the list fund_source."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="funding")
    source = models.CharField(max_length=20)
    planned_yuan = models.DecimalField(max_digits=14, decimal_places=2)
    paid_yuan = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "source"], name="funding_source_once"),
            models.CheckConstraint(
                condition=models.Q(planned_yuan__gte=0, paid_yuan__gte=0),
                name="funding_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.source} {self.planned_yuan}"
