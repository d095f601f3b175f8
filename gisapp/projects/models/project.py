"""The project record."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Library(models.TextChoices):
    """The library (项目库) that admitted the project."""

    TRANSITION = "transition", _("Transition project library")
    SPECIALTY = "specialty", _("Specialty industry library")
    CONSTRUCTION = "construction", _("Rural construction library")


class Stage(models.TextChoices):
    """The flow of a project, in order; only from RESERVE on may it enter a fund plan."""

    PROPOSED = "proposed", _("Proposed by the village")
    TOWNSHIP_REVIEW = "township_review", _("Reviewed by the township")
    COUNTY_APPROVAL = "county_approval", _("Approved by the county")
    RESERVE = "reserve", _("In reserve")
    YEARLY_PLAN = "yearly_plan", _("In the yearly plan")
    CONSTRUCTION = "construction", _("Under way")
    ACCEPTANCE = "acceptance", _("Acceptance")
    HANDOVER = "handover", _("Assets handed over")
    EVALUATION = "evaluation", _("Performance evaluated")


class Project(models.Model):
    """One project of a library. `kind`, `nature` and `rejection_reason` are codes of code lists.

    A rejected project keeps the stage it was rejected at.
    """

    code = models.CharField(max_length=40, unique=True, db_collation="C")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    library = models.CharField(max_length=20, choices=Library.choices)
    nature = models.CharField(max_length=20, blank=True)
    content = models.TextField(blank=True)
    # Like a feature's: the writers check codes against the tree.
    division = models.ForeignKey(
        "layers.Division",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_column="division",
        related_name="+",
    )
    planned_start = models.DateField(null=True, blank=True)
    planned_end = models.DateField(null=True, blank=True)
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.PROPOSED)
    rejected = models.BooleanField(default=False)
    rejection_reason = models.CharField(max_length=30, blank=True)
    rejection_note = models.CharField(max_length=300, blank=True)
    construction_unit = models.CharField(max_length=120, blank=True)
    beneficiary_households = models.PositiveIntegerField(null=True, blank=True)
    beneficiary_people = models.PositiveIntegerField(null=True, blank=True)
    supervisor = models.CharField(max_length=120, blank=True)
    performance_goal = models.TextField(blank=True)
    linkage = models.TextField(blank=True)
    demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-planned_start", "code"]
        indexes = [
            models.Index(fields=["division", "stage"], name="project_place"),
            models.Index(fields=["kind"], name="project_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rejected=False) | ~models.Q(rejection_reason=""),
                name="project_rejected_for_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(planned_start__isnull=True)
                | models.Q(planned_end__isnull=True)
                | models.Q(planned_end__gte=models.F("planned_start")),
                name="project_ends_after_its_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
