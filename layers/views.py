"""The feature's sheet as an HTML fragment, for the map and for printing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from layers import sheet
from layers.api import visible_feature
from layers.descriptions import describe_feature
from layers.maplinks import map_links
from layers.registry import layer_named


@require_safe
def feature_sheet(request: HttpRequest, name: str, feature_id: int) -> HttpResponse:
    """Raises NotFound for an unknown layer, or a feature outside the reader's divisions."""
    layer = layer_named(name)
    feature = visible_feature(request, layer, feature_id)
    centre = feature.geom.point_on_surface if feature.geom else None
    context = {
        "layer": layer,
        "feature": feature,
        "facts": describe_feature(layer, feature, request.user),
        "groups": sheet.attribute_groups(layer, feature),
        "sections": sheet.sections(request.user, layer, feature),
        "centre": centre,
        "links": map_links(centre.x, centre.y, feature.name or feature.code) if centre else [],
    }
    return render(request, "layers/sheet.html", context)
