"""What surrounds a project: co-managing bodies, the stages it passed, what was published."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gisapp.projects.models.project import Project, Stage


class ProjectOwner(models.Model):
    """One of the bodies that build, use and manage a project together (共建共用共管)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="owners")
    body = models.CharField(max_length=120)
    duty = models.CharField(max_length=120, blank=True)
    leads = models.BooleanField(default=False)

    class Meta:
        ordering = ["-leads", "body"]
        constraints = [
            models.UniqueConstraint(fields=["project", "body"], name="project_owner_once")
        ]

    def __str__(self) -> str:
        return self.body


class StageEntry(models.Model):
    """The day a project entered a stage, and who decided it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="stages")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    entered_on = models.DateField()
    decided_by = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["entered_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "stage"], name="project_stage_once")
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.stage} {self.entered_on}"


class DisclosureStage(models.TextChoices):
    """What must be published (公告公示), and when in the flow."""

    LIBRARY = "library", _("Library entry")
    YEARLY_PLAN = "yearly_plan", _("Yearly plan")
    BEFORE_WORK = "before_work", _("Before work")
    COMPLETION = "completion", _("Completion")


class Disclosure(models.Model):
    """One publication: where it was shown, from which day, for how many days (at least 10)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="disclosures")
    stage = models.CharField(max_length=20, choices=DisclosureStage.choices)
    published_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=200)

    class Meta:
        ordering = ["published_on", "pk"]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.stage} {self.published_on}"
