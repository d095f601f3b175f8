"""What the check form sends."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gisapp.verification.models import PositionSource, Verdict
from gisapp.verification.services import Findings, Position


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Any number of files; a list, empty where none was chosen."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(PhotosField, self).clean(each, initial) for each in files if each]


class VisitForm(forms.Form):
    """The device's position fills the hidden fields; one entered by hand has its own, and is
    kept as such."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=_("What did you find?"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    notes = forms.CharField(
        label=_("Condition"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        widget=PhotosInput(
            attrs={
                "accept": "image/jpeg,image/png,image/webp",
                "capture": "environment",
                "class": "form-control",
            }
        ),
    )
    captured_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    accuracy = forms.FloatField(required=False, widget=forms.HiddenInput)
    positioned_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    manual_longitude = forms.FloatField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180
    )
    manual_latitude = forms.FloatField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.label_suffix = ""
        if not self.is_bound:
            self.initial["uid"] = uuid4()
        for name in ("manual_longitude", "manual_latitude"):
            self.fields[name].widget.attrs.update({"class": "form-control", "step": "any"})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for longitude, latitude in (
            ("longitude", "latitude"),
            ("manual_longitude", "manual_latitude"),
        ):
            if (cleaned.get(longitude) is None) != (cleaned.get(latitude) is None):
                self.add_error(None, ValidationError(_("A position needs both coordinates.")))
        return cleaned

    def findings(self) -> Findings:
        data = self.cleaned_data
        return Findings(
            uid=data["uid"],
            verdict=Verdict(data["verdict"]),
            captured_at=data["captured_at"] or timezone.now(),
            notes=data["notes"],
            position=self._position(),
        )

    def _position(self) -> Position | None:
        data = self.cleaned_data
        if data["longitude"] is not None:
            return Position(
                data["longitude"],
                data["latitude"],
                PositionSource.DEVICE,
                data["accuracy"],
                data["positioned_at"],
            )
        if data["manual_longitude"] is not None:
            return Position(
                data["manual_longitude"], data["manual_latitude"], PositionSource.MANUAL
            )
        return None

    def uploads(self) -> list[UploadedFile[bytes]]:
        files: list[UploadedFile[bytes]] = self.cleaned_data["photos"]
        return files
