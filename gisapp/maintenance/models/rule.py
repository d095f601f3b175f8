"""Which upkeep a feature needs, and how often."""

from django.db import models
from django.utils.translation import get_language


class UpkeepRule(models.Model):
    """A cyclic task for the features of a layer that meet a condition, between two days.

    `condition` maps field names to what is allowed: a list of values (`{"category": ["public"]}`)
    or bounds, both inclusive (`{"daily_capacity_m3": {"min": 1000}}`). An empty condition means
    every feature of the layer. Reference data: a bureau edits it, shipped defaults only add what
    is missing.
    """

    code = models.SlugField(max_length=60, unique=True)
    layer = models.CharField(max_length=40)
    condition = models.JSONField(default=dict, blank=True)
    task_zh = models.CharField(max_length=80)
    task_en = models.CharField(max_length=120)
    cycle_days = models.PositiveIntegerField()
    source = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["layer", "cycle_days", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cycle_days__gte=1), name="upkeep_cycle_of_days"
            )
        ]

    def __str__(self) -> str:
        return f"{self.layer}: {self.task}"

    @property
    def task(self) -> str:
        """What is to be done, in the active language."""
        return self.task_zh if (get_language() or "zh").startswith("zh") else self.task_en
