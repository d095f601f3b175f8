from typing import Any

from django import forms
from django.contrib import admin

from gisapp.maintenance import conditions
from gisapp.maintenance.models import UpkeepRule
from layers.errors import Rejected
from layers.registry import LAYERS


class UpkeepRuleForm(forms.ModelForm[UpkeepRule]):
    layer = forms.ChoiceField(choices=lambda: [(each.name, each.title) for each in LAYERS.values()])

    class Meta:
        model = UpkeepRule
        fields = "__all__"  # noqa: DJ007 - every column of a rule is a bureau's to edit

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        layer, condition = LAYERS.get(cleaned.get("layer", "")), cleaned.get("condition")
        if layer and condition is not None:
            try:
                conditions.check(layer, condition)
            except Rejected as error:
                self.add_error("condition", f"{error.message} {error.remedy}")
        return cleaned


@admin.register(UpkeepRule)
class UpkeepRuleAdmin(admin.ModelAdmin[UpkeepRule]):
    """Reports of a rule keep it from being deleted: end its validity instead."""

    form = UpkeepRuleForm
    list_display = ("layer", "task_zh", "cycle_days", "valid_from", "valid_to", "source")
    list_filter = ("layer",)
    search_fields = ("code", "task_zh", "task_en")
