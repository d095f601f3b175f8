"""Keeping a layer's bands: one call for a layer of lines or areas, no code of its own."""

from collections.abc import Mapping
from pathlib import Path

from django.db import connection
from psycopg2 import sql

from layers.sql_files import packaged_sql
from tiles.bands.specification import TOPS, VISIBLE_UNITS, tolerance_m, top_of, unit_m

TRIGGERS = ("bands_insert", "bands_update", "bands_delete", "bands_truncate")
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
    _run("table", bands=bands, by_feature=sql.Identifier(f"{bands_of(table)}_feature"))
    make_indexes(table)
    arrived = sql.SQL("SELECT id, geom_3857, {} AS class FROM arrived")
    changed = sql.SQL("SELECT id, geom_3857, class FROM sides WHERE change > 0")
    column = sql.Identifier(class_column)
    _run(
        "keeping",
        function=_function(table),
        row_function=_row_function(table),
        bands=bands,
        table=sql.Identifier(table),
        class_column=column,
        insert_arrived=_insertion(table, arrived.format(column), earlier),
        insert_changed=_insertion(table, changed, earlier),
        insert_loaded=_insertion(table, _loaded(table, class_column), earlier),
    )
    look_away(table)
    look_again(table)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DELETE FROM {}").format(bands))
    catch_up(table, 0)


def make_indexes(table: str) -> None:
    """One for each zoom that is drawn from a band; again, it makes those that are missing."""
    bands = bands_of(table)
    for zoom in range(TOPS[-1] + 1):
        _run(
            "index",
            index=sql.Identifier(f"{bands}_zoom_{zoom}"),
            bands=sql.Identifier(bands),
            top=sql.Literal(top_of(zoom)),
            zoom=sql.Literal(zoom),
        )


def look_away(table: str) -> None:
    """Take the triggers off; locks the table against everybody until the transaction ends."""
    with connection.cursor() as cursor:
        for name in TRIGGERS:
            statement = sql.SQL("DROP TRIGGER IF EXISTS {} ON {}")
            cursor.execute(statement.format(sql.Identifier(name), sql.Identifier(table)))


def look_again(table: str) -> None:
    """Put the triggers on."""
    _run("triggers", table=sql.Identifier(table), function=_function(table))


def catch_up(table: str, after: int) -> None:
    """Make the bands of the rows with greater ids than `after`."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {}(%s)").format(_row_function(table)), [after])


def _loaded(table: str, class_column: str) -> sql.Composed:
    rows = sql.SQL("SELECT id, geom_3857, {} AS class FROM {} WHERE id > after")
    return rows.format(sql.Identifier(class_column), sql.Identifier(table))


def _insertion(table: str, rows: sql.Composable, earlier: Mapping[str, int]) -> sql.Composed:
    return _composed(
        "generalised",
        bands=sql.Identifier(bands_of(table)),
        rows=rows,
        earlier=_earlier(earlier),
        tolerances=_tolerances(),
    )


def _function(table: str) -> sql.Identifier:
    return sql.Identifier(f"tiles_bands_{table}")


def _row_function(table: str) -> sql.Identifier:
    return sql.Identifier(f"tiles_bands_after_{table}")


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
