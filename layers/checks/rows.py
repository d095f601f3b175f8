"""Rows that a check reads: from SQL to subjects, from geometries to places."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import shapely
from django.db import connection, transaction
from psycopg2 import sql
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from layers.checks.specification import GeoJson, Subject
from layers.checks.window import Window
from layers.editing.rows import GEOMETRY
from layers.editing.values import journal_value
from layers.registry.specification import Layer
from layers.sql_files import packaged_sql

SQL = Path(__file__).parent / "sql"
_AT = re.compile(r"\[(-?[\d.eE+-]+) (-?[\d.eE+-]+)\]")


def query(name: str, **parts: sql.Composable) -> sql.Composed:
    """A packaged query with its parts filled in."""
    return sql.SQL(packaged_sql(name, SQL)).format(**parts)


def rows_of(statement: sql.Composable) -> list[tuple[Any, ...]]:
    """The rows of a query. They are what a rule found in one window, not the window itself.

    Without just-in-time compilation: the planner takes geometry for dear, and would spend a second
    on compiling what runs for a tenth of one, for each of a hundred windows.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(statement)
        return list(cursor.fetchall())


def suspects(
    layer: Layer, window: Window, suspicion: sql.Composable, reads: Sequence[str] = ()
) -> Iterator[Subject]:
    """The features of a window that meet a condition on `t`, with their place and what is read."""
    names = [GEOMETRY, *reads]
    statement = query(
        "suspects",
        columns=sql.SQL(", ").join(sql.Identifier("t", name) for name in names),
        table=sql.Identifier(layer.table),
        window=window.condition("t"),
        suspicion=suspicion,
    )
    for feature_id, version, *values in rows_of(statement):
        kept = [journal_value(value) for value in values]
        yield Subject(feature_id, version, dict(zip(names, kept, strict=True)))


def shape_of(subject: Subject) -> BaseGeometry | None:
    kept = subject.state.get(GEOMETRY)
    return shapely.from_wkb(str(kept)) if kept else None


def place_of(subject: Subject) -> GeoJson | None:
    """A point on the feature."""
    shape = shape_of(subject)
    return None if shape is None else point_on(shape)


def point_on(shape: BaseGeometry) -> GeoJson | None:
    """Also of a shape that is not valid, or has no extent."""
    if shape.is_empty:
        return None
    found = shape if shape.geom_type == "Point" else shapely.point_on_surface(shape)
    if found.is_empty:
        found = shapely.Point(shapely.get_coordinates(shape)[0])
    return geojson(found)


def flaw_of(shape: BaseGeometry) -> GeoJson | None:
    """Where a shape that is not valid goes wrong, if that is one place."""
    at = _AT.search(shapely.is_valid_reason(shape))
    return geojson(shapely.Point(float(at[1]), float(at[2]))) if at else point_on(shape)


def geojson(shape: BaseGeometry) -> GeoJson:
    return dict(mapping(shape))
