"""The form of a new export: what can be chosen for a layer, and what was."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from importers.exporting.datums import OFFERED, Offered
from importers.exporting.wish import ALWAYS, Wish
from importers.writers.catalogue import FORMATS, Format, format_named
from layers.access import policy
from layers.access.policy import Actor
from layers.access.roles import Action
from layers.errors import BadRequest
from layers.registry import LAYERS, Field, Layer, layer_named
from layers.registry.specification import GROUPS, Label

FIRST_LAYER = next(iter(LAYERS))
MOST_REASON = 200


@dataclass(frozen=True, slots=True)
class FieldGroup:
    title: Label
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers for one layer. `may_unmask`: personal data, too, somewhere."""

    layer: Layer
    formats: list[Format]
    datums: tuple[Offered, ...]
    groups: list[FieldGroup]
    may_unmask: bool

    @classmethod
    def of(cls, user: Actor, name: str) -> "Choices":
        """Raises NotFound for no layer."""
        layer = layer_named(name or FIRST_LAYER)
        personal = any(layer.personal_fields())
        return cls(
            layer,
            [each for each in FORMATS.values() if layer.geometry in each.geometries],
            OFFERED,
            _groups(layer),
            personal and not policy.scope(user, Action.UNMASK).empty,
        )


def _groups(layer: Layer) -> list[FieldGroup]:
    """The fields that can be left out, by group. Personal ones have a switch of their own."""
    found = []
    for key, title in GROUPS.items():
        fields = [
            each
            for each in layer.fields
            if each.group == key and each.name not in ALWAYS and not each.personal
        ]
        if fields:
            found.append(FieldGroup(title, fields))
    return found


def wish_from(sent: QueryDict) -> Wish:
    """Raises NotFound or Rejected for a layer or format that is none, BadRequest where no area is
    chosen: that must not come to mean all of them."""
    layer = layer_named(sent.get("layer", ""))
    if "division" not in sent:
        raise BadRequest(_("No area is chosen."), remedy=_("Choose a division, or all of yours."))
    personal = "personal" in sent
    return Wish(
        layer=layer,
        format=format_named(sent.get("format", "")),
        datum=sent.get("datum", ""),
        language=sent.get("language", "zh"),
        division=sent.get("division", ""),
        fields=_fields(layer, sent, personal=personal),
        personal=personal,
        reason=sent.get("reason", "")[:MOST_REASON],
        provenance="provenance" in sent,
    )


def _fields(layer: Layer, sent: QueryDict, *, personal: bool) -> list[str] | None:
    """None where every field is ticked."""
    offered = {each.name for group in _groups(layer) for each in group.fields}
    chosen = [name for name in sent.getlist("fields") if name not in ALWAYS]
    if offered <= set(chosen):
        return None
    secrets = [each.name for each in layer.personal_fields()] if personal else []
    return [*ALWAYS, *chosen, *secrets]


def sent_again(sent: QueryDict) -> dict[str, Any]:
    """What a refused form shows again."""
    return {
        "format": sent.get("format", "gpkg"),
        "datum": sent.get("datum", "EPSG:4490"),
        "language": sent.get("language", "zh"),
        "division": sent.get("division", ""),
        "personal": "personal" in sent,
        "provenance": "provenance" in sent,
        "reason": sent.get("reason", ""),
        "fields": sent.getlist("fields") if "fields" in sent else None,
    }
