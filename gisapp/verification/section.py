"""The “Inspections” section of a feature's sheet: the last visits."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from gisapp.verification.models import Visit
from layers.access import policy
from layers.access.policy import Actor
from layers.access.roles import Action
from layers.models import Feature
from layers.plates import plate_of
from layers.registry import Layer
from layers.sheet import Section

SHOWN = 5


def inspections(user: Actor, layer: Layer, feature: Feature) -> Section | None:
    if not policy.scope(user).covers(feature.division_id):
        return None
    return Section(
        _("Inspection records"), "verification/section.html", section_context(user, layer, feature)
    )


def section_context(user: Actor, layer: Layer, feature: Feature) -> dict[str, Any]:
    visits = Visit.objects.filter(layer=layer.name, feature_id=feature.pk)
    return {
        "visits": visits.select_related("inspector").prefetch_related("photos")[:SHOWN],
        "may_inspect": policy.may(user, Action.INSPECT, feature.division_id),
        "plate": plate_of(layer, feature.pk),
    }
