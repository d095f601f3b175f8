"""Keeping a layer's bands: one call for a layer of lines or areas, no code of its own."""

from collections.abc import Mapping
from pathlib import Path

from django.db import connection
from psycopg2 import sql

from layers.sql_files import packaged_sql
from tiles.bands.specification import TOPS, VISIBLE_UNITS, tolerance_m, unit_m

FOLDER = Path(__file__).parents[1] / "sql" / "bands"


def bands_of(table: str) -> str:
    """The name of the table with a layer's bands."""
    return f"{table}_band"


def make_functions() -> None:
    _run("functions", visible_at_0=sql.Literal(unit_m(0) * VISIBLE_UNITS), visible=_visible())


def keep_bands(*, table: str, class_column: str, earlier: Mapping[str, int]) -> None:
    """From now on the table's lines or areas have their bands, those that are there already too.

    `earlier` says by class how many zooms sooner than its size tells a feature is drawn. Again for
    a table that has bands, it makes all anew.
    """
    bands = sql.Identifier(bands_of(table))
    own = sql.Identifier(table)
    of_class = sql.SQL("SELECT id, geom_3857, {} AS class FROM {}")
    column = sql.Identifier(class_column)

    def insertion(rows: sql.Composable) -> sql.Composed:
        return _composed(
            "generalised",
            bands=bands,
            rows=rows,
            earlier=_earlier(earlier),
            tolerances=_tolerances(),
        )

    _run("table", bands=bands, by_feature=sql.Identifier(f"{bands_of(table)}_feature"))
    for top in TOPS:
        index = sql.Identifier(f"{bands_of(table)}_{top}")
        _run("index", index=index, bands=bands, top=sql.Literal(top))
    arrived = of_class.format(column, sql.Identifier("arrived"))
    changed = sql.SQL("SELECT id, geom_3857, class FROM sides WHERE change > 0")
    _run(
        "keeping",
        function=sql.Identifier(f"tiles_bands_{table}"),
        table=own,
        bands=bands,
        class_column=column,
        insert_arrived=insertion(arrived),
        insert_changed=insertion(changed),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DELETE FROM {}").format(bands))
        cursor.execute(insertion(of_class.format(column, own)))


def _earlier(earlier: Mapping[str, int]) -> sql.Composable:
    """An expression over `class`."""
    cases = [
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(name), sql.Literal(zooms))
        for name, zooms in earlier.items()
    ]
    if not cases:
        return sql.SQL("0")
    return sql.SQL("CASE class {} ELSE 0 END").format(sql.SQL(" ").join(cases))


def _tolerances() -> sql.Composable:
    """The bands as rows: deepest zoom, tolerance in metres."""
    rows = [
        sql.SQL("({}, {}::float8)").format(sql.Literal(top), sql.Literal(tolerance_m(top)))
        for top in TOPS
    ]
    return sql.SQL(", ").join(rows)


def _visible() -> sql.Composable:
    return sql.Literal(VISIBLE_UNITS)


def _composed(name: str, **parts: sql.Composable) -> sql.Composed:
    return sql.SQL(packaged_sql(name, FOLDER)).format(**parts)


def _run(name: str, **parts: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_composed(name, **parts))
