"""The “Projects” section of a sheet: what was done here or will be, and with whose money."""

from django.utils.translation import gettext_lazy as _

from gisapp.projects.models import ProjectFeature
from layers.access import policy
from layers.access.policy import Actor
from layers.models import Feature
from layers.registry import Layer
from layers.sheet import Section


def projects_of_feature(user: Actor, layer: Layer, feature: Feature) -> Section | None:
    scope = policy.scope(user)
    if not scope.covers(feature.division_id):
        return None
    links = (
        ProjectFeature.objects.filter(
            scope.q("project__division_id"), layer=layer.name, feature_id=feature.pk
        )
        .select_related("project")
        .order_by("-project__planned_start", "project__code")
    )
    return Section(_("Projects"), "projects/section.html", {"links": links})
