"""Literals that both encodings share: numbers, texts, moments, geometries."""

from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from layers.ogc.cql2.expressions import Instant, Literal, Shape, unreadable
from layers.ogc.failures import BadFilter
from layers.ogc.geojson import read_geometry
from layers.ogc.properties import read_date, read_timestamp

MOST_VERTICES = 10_000
LARGEST_EXPONENT = 300


def number(value: str | int | Decimal) -> Literal:
    """Raises BadFilter for what no column could hold."""
    try:
        exact = Decimal(value)
    except InvalidOperation as error:
        raise unreadable(str(value)) from error
    if not exact.is_finite() or abs(exact.adjusted()) > LARGEST_EXPONENT:
        raise unreadable(str(value))
    return Literal(int(exact) if exact == exact.to_integral_value() else exact)


def text(value: str) -> Literal:
    if "\x00" in value:
        raise BadFilter(_("The filter holds a null character."))
    return Literal(value)


def day(value: str) -> Instant:
    try:
        return Instant(read_date(value))
    except ValueError as error:
        raise unreadable(value) from error


def timestamp(value: str) -> Instant:
    try:
        return Instant(read_timestamp(value))
    except ValueError as error:
        raise unreadable(value) from error


def interval_end(value: str) -> Instant | None:
    """A day, a timestamp, or two dots for an open end."""
    if value == "..":
        return None
    return timestamp(value) if "T" in value.upper() else day(value)


def geometry_of_wkt(value: str) -> Shape:
    try:
        return Shape(_checked(shapely.from_wkt(value)))
    except (ShapelyError, ValueError, TypeError) as error:
        raise _no_geometry() from error


def geometry_of_geojson(value: dict[str, Any]) -> Shape:
    try:
        return Shape(_checked(read_geometry(value)))
    except (ShapelyError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise _no_geometry() from error


def geometry_of_box(ordinates: list[float]) -> Shape:
    """Lower and upper corner with two or three ordinates each; heights are ignored."""
    if len(ordinates) == 6:
        ordinates = [*ordinates[:2], *ordinates[3:5]]
    if len(ordinates) != 4 or ordinates[0] > ordinates[2] or ordinates[1] > ordinates[3]:
        raise _no_geometry()
    corners = shapely.linestrings([ordinates[:2], ordinates[2:]])
    return Shape(_checked(shapely.envelope(corners)))


def _checked(found: BaseGeometry | None) -> BaseGeometry:
    """Finite, valid, not empty, not huge; heights dropped."""
    if found is None or found.is_empty or shapely.count_coordinates(found) > MOST_VERTICES:
        raise _no_geometry()
    flat: BaseGeometry = shapely.force_2d(found)
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        raise _no_geometry()
    if not flat.is_valid:
        raise BadFilter(
            _("A geometry of the filter is not valid: %(reason)s")
            % {"reason": shapely.is_valid_reason(flat)}
        )
    return flat


def _no_geometry() -> BadFilter:
    return BadFilter(
        _("A geometry of the filter cannot be read."),
        remedy=_("Write WKT, GeoJSON or BBOX(…) of at most %(most)d vertices.")
        % {"most": MOST_VERTICES},
    )
