"""Request bodies: GeoJSON features and merge patches, in the reference system they name."""

import json
from collections.abc import Mapping
from typing import Any

import shapely
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import mapping

from layers.crs import CGCS2000
from layers.errors import BadRequest, Rejected
from layers.ogc.collections import GEOMETRY
from layers.ogc.failures import TooLarge, UnsupportedMediaType
from layers.ogc.geojson import check, read_geometry
from layers.ogc.negotiation import GEOJSON, JSON, MERGE_PATCH
from layers.ogc.parameters import crs_named
from layers.ogc.reference_systems import CRS84, ReferenceSystem, transformer

FEATURE_TYPES = (GEOJSON, JSON)
PATCH_TYPES = (MERGE_PATCH, GEOJSON, JSON)


def read_feature(request: HttpRequest) -> dict[str, Any]:
    """A whole GeoJSON feature. Raises Rejected where it is another object."""
    body = _object(request, FEATURE_TYPES)
    properties = body.get("properties")
    if body.get("type") != "Feature" or not isinstance(properties, dict | None):
        raise Rejected(
            _("The body is not a GeoJSON feature."),
            remedy=_("Send an object of type Feature with geometry and properties."),
        )
    return {**body, "properties": properties or {}}


def read_patch(request: HttpRequest) -> dict[str, Any]:
    """A merge patch of a feature (RFC 7396): only what is to change."""
    body = _object(request, PATCH_TYPES)
    if not isinstance(body.get("properties", {}), dict) or body.get("type") not in {
        None,
        "Feature",
    }:
        raise Rejected(
            _("The body is not a merge patch of a feature."),
            remedy=_("Send an object with the properties or the geometry to change."),
        )
    return body


def _object(request: HttpRequest, media_types: tuple[str, ...]) -> dict[str, Any]:
    """Raises UnsupportedMediaType, TooLarge, BadRequest."""
    if request.content_type not in media_types:
        raise UnsupportedMediaType(
            _("The body's media type is not taken here."),
            remedy=_("Content-Type may be: %(names)s") % {"names": ", ".join(media_types)},
        )
    try:
        body = json.loads(request.body, parse_constant=_no_constant)
    except RequestDataTooBig as error:
        raise TooLarge(_("The body is too large."), remedy=_("Split the feature.")) from error
    except (ValueError, RecursionError) as error:
        raise BadRequest(
            _("The body is not JSON."), remedy=_("Send JSON in UTF-8, without NaN or Infinity.")
        ) from error
    if not isinstance(body, dict):
        raise BadRequest(_("The body is not a JSON object."))
    return body


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def content_crs(request: HttpRequest) -> ReferenceSystem:
    """The Content-Crs header, an address in angle brackets (Part 2); CRS84 without one."""
    header = request.headers.get("Content-Crs", "").strip()
    if not header:
        return CRS84
    found = crs_named(header.removeprefix("<").removesuffix(">"))
    if found is None:
        raise BadRequest(
            _("The reference system of Content-Crs is not offered."),
            remedy=_("The collection lists those that are, by their URIs."),
        )
    return found


def stored_geometry(geometry: Any, crs: ReferenceSystem) -> Any:
    """GeoJSON in stored degrees, longitude first. Raises Rejected for what is no geometry; what is
    wrong with its place or shape the editing service says."""
    if geometry is None:
        return None
    try:
        if crs == CRS84:
            check(geometry)
            return geometry
        found = shapely.force_2d(read_geometry(geometry))
        if crs.swapped:
            found = shapely.transform(found, lambda xy: xy[:, ::-1])
        if not crs.degrees:
            to_degrees = transformer(crs.srid, CGCS2000)
            found = shapely.transform(found, to_degrees.transform, interleaved=False)
    except (ShapelyError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise rejected({GEOMETRY: _("The geometry cannot be read.")}) from error
    return mapping(found)


def rejected(problems: Mapping[str, str]) -> Rejected:
    """As the editing service reports: each field with what is wrong."""
    return Rejected(
        _("The feature was not accepted."),
        remedy=_("Correct the fields named and send it again."),
        detail={"problems": [{"field": name, "message": text} for name, text in problems.items()]},
    )
