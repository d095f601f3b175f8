"""Rows against the journal: every row is what its entries, or its load, say."""

from collections.abc import Iterator
from typing import Any

from django.db import DataError, connection, transaction
from psycopg2 import sql

from layers.editing.loads import journalled_columns
from layers.editing.rows import GEOMETRY
from layers.journal.entries import Progress, ranges
from layers.journal.findings import Check, Finding
from layers.journal.payloads import SQL
from layers.registry.specification import Layer
from layers.sql_files import packaged_sql


def replayed_rows(layer: Layer, progress: Progress) -> Iterator[Finding]:
    """Rows with entries equal what these leave; rows without have a load."""
    differences = _differences(layer, "{differs}")
    for low, high in ranges(*_span(layer)):
        found = _ask("replayed_rows", layer, (low, high), differences)
        yield from _misread(layer, low, high, found, Check.ROWS)
        for feature, said, version, gone, missing, differing in found or ():
            place = f"{layer.name}/{feature}"
            if gone or missing:
                yield Finding(Check.ROWS, place, _presence(said, missing))
                continue
            if version != said:
                problem = f"has version {version}; its last entry is of version {said}"
                yield Finding(Check.ROWS, place, problem)
            if differing:
                problem = f"differs from its entries in {', '.join(differing)}"
                yield Finding(Check.ROWS, place, problem)
        for feature, version in _ask("unexplained_rows", layer, (low, high), {}) or ():
            problem = f"version {version} came from no entry and no load"
            yield Finding(Check.ROWS, f"{layer.name}/{feature}", problem)
        progress(f"{layer.name} rows", high)


def unbroken_values(layer: Layer, progress: Progress) -> Iterator[Finding]:
    """Every entry's old values are what the entries before it left."""
    differences = _differences(layer, "steps.before ? {name} AND steps.old ? {name} AND {differs}")
    for low, high in ranges(*_span(layer)):
        found = _ask("changed_values", layer, (low, high), differences)
        yield from _misread(layer, low, high, found, Check.VALUES)
        for feature, version, differing in found or ():
            problem = f"the old values of version {version} are not those before it: "
            problem += ", ".join(differing)
            yield Finding(Check.VALUES, f"{layer.name}/{feature}", problem)
        progress(f"{layer.name} values", high)


def _presence(said: int, missing: bool) -> str:
    if missing:
        return f"is not there; its last entry, of version {said}, leaves it"
    return f"is there; its last entry, of version {said}, removed it"


def _misread(
    layer: Layer, low: int, high: int, found: list[Any] | None, check: Check
) -> Iterator[Finding]:
    if found is None:
        problem = "an entry has a value that its column cannot hold"
        yield Finding(check, f"{layer.name}/{low}–{high}", problem)


def _differences(layer: Layer, template: str) -> dict[str, sql.Composable]:
    """The journalled columns in which relations `t` and `r` differ, and whether there are any."""
    conditions = {}
    for name in journalled_columns(layer.table):
        cast = "::bytea" if name == GEOMETRY else ""
        differs = sql.SQL(f"t.{{0}}{cast} IS DISTINCT FROM r.{{0}}{cast}").format(
            sql.Identifier(name)
        )
        conditions[name] = sql.SQL(template).format(name=sql.Literal(name), differs=differs)
    named = [
        sql.SQL("CASE WHEN {} THEN {}::text END").format(condition, sql.Literal(name))
        for name, condition in conditions.items()
    ]
    return {
        "differing": sql.SQL(", ").join(named),
        "any_differs": sql.SQL("({})").format(
            sql.SQL(" OR ").join(sql.SQL("({})").format(each) for each in conditions.values())
        ),
    }


def _ask(
    name: str, layer: Layer, ids: tuple[int, int], parts: dict[str, sql.Composable]
) -> list[Any] | None:
    """The statement's rows, or None where a journal value does not fit its column."""
    statement = sql.SQL(packaged_sql(name, SQL)).format(table=sql.Identifier(layer.table), **parts)
    bound: dict[str, Any] = {"layer": layer.name, "low": ids[0], "high": ids[1]}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, bound)
            return list(cursor.fetchall())
    except DataError:
        return None


def _span(layer: Layer) -> tuple[int, int]:
    """From the first id to the last that the table or the journal knows."""
    statement = sql.SQL(packaged_sql("span_of_features", SQL)).format(
        table=sql.Identifier(layer.table)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"layer": layer.name})
        first, last = cursor.fetchone()
        return int(first), int(last)
