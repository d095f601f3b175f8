"""What the report form sends, read and checked."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gisapp.maintenance.models import Defect, Severity, UpkeepOutcome
from gisapp.maintenance.schedule import Task
from gisapp.maintenance.services import Report
from layers.crs import CGCS2000


class ReportForm(forms.Form):
    """A report of one feature; the tasks and open defects it may name are given."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    rule = forms.ChoiceField(label=_("Task"), required=False)
    done_on = forms.DateField(
        label=_("Done on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    repaired = forms.MultipleChoiceField(
        label=_("Repaired"), required=False, widget=forms.CheckboxSelectMultiple
    )
    defect = forms.BooleanField(label=_("Found a defect"), required=False)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Severity.choices, required=False, initial=Severity.MINOR
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.ClearableFileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}
        ),
    )
    longitude = forms.FloatField(
        required=False, min_value=-180, max_value=180, widget=forms.HiddenInput
    )
    latitude = forms.FloatField(
        required=False, min_value=-90, max_value=90, widget=forms.HiddenInput
    )
    accuracy = forms.FloatField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, tasks: list[Task], defects: list[Defect], **more: Any) -> None:
        super().__init__(*args, **more)
        self.label_suffix = ""
        self._field("rule").choices = [(task.rule.code, task.rule.task) for task in tasks]
        self._field("repaired").choices = [(each.pk, each.description) for each in defects]
        if not self.is_bound:
            self.initial.update(uid=uuid4(), done_on=timezone.localdate())
        for name, field in self.fields.items():
            select = isinstance(field.widget, forms.Select)
            if not isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
                field.widget.attrs["class"] = "form-select" if select else "form-control"
            if name in {"defect"}:
                field.widget.attrs["class"] = "form-check-input"

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells mypy what is declared above
        return field

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned and cleaned.get("defect") and not (cleaned.get("note") or "").strip():
            self.add_error("note", ValidationError(_("Say what the defect is.")))
        return cleaned

    def report(self) -> Report:
        """The valid form as the service takes it."""
        data = self.cleaned_data
        longitude, latitude = data["longitude"], data["latitude"]
        placed = longitude is not None and latitude is not None
        uid: UUID = data["uid"]
        return Report(
            uid=uid,
            done_on=data["done_on"],
            rule=data["rule"],
            outcome=UpkeepOutcome.DEFECT if data["defect"] else UpkeepOutcome.DONE,
            note=data["note"],
            severity=Severity(data["severity"] or Severity.MINOR),
            repaired=tuple(int(each) for each in data["repaired"]),
            position=Point(longitude, latitude, srid=CGCS2000) if placed else None,
            accuracy_m=data["accuracy"] if placed else None,
        )
