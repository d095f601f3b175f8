"""The “Change history” section of a feature's sheet: the last changes, the way to all others."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gisapp.web.editing.wording import OPERATIONS, field_label, told
from layers.access import policy
from layers.access.policy import Actor
from layers.editing.rows import GEOMETRY
from layers.models import Edit, Operation
from layers.models.feature import Feature
from layers.registry import Layer
from layers.sheet import Section

SHOWN = 4


@dataclass(frozen=True, slots=True)
class Glance:
    edit: Edit
    operation: str | Promise
    fields: str


def history(user: Actor, layer: Layer, feature: Feature) -> Section | None:
    if not policy.scope(user).covers(feature.division_id):
        return None
    rows = Edit.objects.filter(layer=layer.name, feature_id=feature.pk)
    last = rows.select_related("author", "changeset").order_by("-version")[:SHOWN]
    context = {
        "layer": layer,
        "feature": feature,
        "glances": [_glance(layer, each) for each in last],
    }
    return Section(gettext_lazy("Change history"), "editing/history_section.html", context)


def _glance(layer: Layer, edit: Edit) -> Glance:
    names = [name for name in (GEOMETRY, *told(layer)) if name in edit.new and edit.old]
    labels = [field_label(layer, name) for name in names]
    return Glance(edit, OPERATIONS[Operation(edit.operation)], _(", ").join(labels))
