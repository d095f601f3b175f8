"""What the forms of the administration pages send, read and checked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gisapp.web.administration import places
from layers.access.accounts import Person
from layers.access.administration import Place
from layers.access.roles import ROLE_CHOICES, Role
from layers.errors import BadRequest, Rejected


class GrantForm(forms.Form):
    """A role and a place; the place's radio buttons come from the search beside them."""

    label_suffix = ""
    role = forms.ChoiceField(
        label=_("Role"),
        choices=ROLE_CHOICES,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    place = forms.CharField(
        label=_("Place"), max_length=60, error_messages={"required": _("Choose a place.")}
    )

    def clean_place(self) -> Place:
        try:
            return places.read(self.cleaned_data["place"])
        except BadRequest as error:
            raise forms.ValidationError(str(error.message)) from error

    def given(self) -> dict[str, Any]:
        """The valid form as the service takes it."""
        return {"role": Role(self.cleaned_data["role"]), "place": self.cleaned_data["place"]}


def _text(label: Any, most: int, *, required: bool = False, **attributes: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "form-control", **attributes})
    return forms.CharField(label=label, max_length=most, required=required, widget=widget)


class AccountForm(GrantForm):
    """A new account with its first grant."""

    username = _text(_("User name"), 150, required=True, autocomplete="off", autocapitalize="none")
    name = _text(_("Name"), 150, autocomplete="off")
    office = _text(_("Responsible unit"), 120, autocomplete="off")
    password = _text(_("Password (empty: one is made)"), 128, autocomplete="off")
    field_order = ("username", "name", "office", "password", "role", "place")

    def person(self) -> Person:
        data = self.cleaned_data
        return Person(data["username"], data["name"], data["office"])

    def add_refusal(self, refusal: Rejected) -> None:
        """The service's problems, beside the fields they are about."""
        for problem in refusal.detail.get("problems", []):
            known = problem["field"] in self.fields
            self.add_error(problem["field"] if known else None, problem["message"])
        if not self.errors:
            self.add_error(None, f"{refusal.message} {refusal.remedy}")
