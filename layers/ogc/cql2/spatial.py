"""Spatial functions of CQL2, evaluated in the filter's reference system."""

from collections.abc import Sequence

import numpy as np
import shapely
from django.utils.translation import gettext as _
from psycopg2 import sql
from shapely.geometry.base import BaseGeometry

from layers.crs import CGCS2000
from layers.ogc.cql2.expressions import Shape
from layers.ogc.failures import BadFilter
from layers.ogc.places import FARTHEST_M, Box, column_in
from layers.ogc.reference_systems import ReferenceSystem
from layers.ogc.values import Values

FUNCTIONS = {
    "s_intersects": "ST_Intersects",
    "s_equals": "ST_Equals",
    "s_disjoint": "ST_Disjoint",
    "s_touches": "ST_Touches",
    "s_within": "ST_Within",
    "s_overlaps": "ST_Overlaps",
    "s_crosses": "ST_Crosses",
    "s_contains": "ST_Contains",
}
TAKES_COLLECTIONS = {"s_intersects", "s_disjoint"}


def checked(node: Shape, crs: ReferenceSystem, name: str) -> BaseGeometry:
    """The geometry, easting first. Raises BadFilter where it lies outside its reference system."""
    found = node.geometry
    if found.geom_type == "GeometryCollection" and name not in TAKES_COLLECTIONS:
        raise BadFilter(_("%(name)s takes no geometry collection.") % {"name": name.upper()})
    if crs.swapped:
        found = shapely.transform(found, lambda ordinates: ordinates[:, ::-1])
    limits = (180.0, 90.0) if crs.degrees else (FARTHEST_M, FARTHEST_M)
    if (np.abs(shapely.get_coordinates(found)) > limits).any():
        raise BadFilter(
            _("A geometry of the filter lies outside its reference system."),
            remedy=_("Check filter-crs and the order of its axes."),
        )
    return found


def condition(
    name: str,
    shapes: Sequence[BaseGeometry | None],
    crs: ReferenceSystem,
    values: Values,
    *,
    by_index: bool,
) -> sql.Composable:
    """None stands for the feature's geometry. `by_index`: what is far away may be left out."""
    operands = [column_in(crs) if shape is None else _bound(shape, crs, values) for shape in shapes]
    exact = sql.SQL("{}({}, {})").format(sql.SQL(FUNCTIONS[name]), *operands)
    given = [shape for shape in shapes if shape is not None]
    if not by_index or name == "s_disjoint" or len(given) != 1:
        return exact
    near = Box(crs, *given[0].bounds).near(values)
    return sql.SQL("({} AND {})").format(near, exact)


def _bound(shape: BaseGeometry, crs: ReferenceSystem, values: Values) -> sql.Composable:
    srid = CGCS2000 if crs.degrees else crs.srid
    known = shapely.set_srid(shape, srid)
    text = shapely.to_wkb(known, hex=True, include_srid=True)
    return sql.SQL("{}::geometry").format(values.bind(text))
