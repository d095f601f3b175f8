"""What the data of an area are like now, so that a phone can tell whether its pack is old."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg2 import sql

from layers.access.policy import Scope
from layers.divisions import Bounds
from layers.models.raster import Raster
from layers.registry import layer_named
from layers.sql_files import packaged_sql
from tiles.statements import REFERENCES

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True, slots=True)
class LayerVersion:
    """`features` of the reader's touch the area's box; `digest` differs when any of them does."""

    name: str
    features: int
    digest: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def layer_versions(names: Sequence[str], bounds: Bounds, scope: Scope) -> list[LayerVersion]:
    return [_version(name, bounds, scope) for name in names]


def raster_version(raster: Raster) -> dict[str, Any]:
    return {"name": raster.name, "version": raster.version, "sha256": raster.sha256}


def _version(name: str, bounds: Bounds, scope: Scope) -> LayerVersion:
    with connection.cursor() as cursor:
        cursor.execute(_statement(name, scope), bounds._asdict())
        features, number = cursor.fetchone()
    return LayerVersion(name, features, f"{number & (2**64 - 1):016x}")


def _statement(name: str, scope: Scope) -> sql.Composable:
    if name in REFERENCES:
        text = packaged_sql("boundaries_version", SQL)
        return sql.SQL(text).format(table=sql.Identifier(REFERENCES[name].table))
    condition, bounds = scope.sql()
    return sql.SQL(packaged_sql("features_version", SQL)).format(
        table=sql.Identifier(layer_named(name).table),
        scope=sql.SQL(condition.replace("%s", "{}")).format(*map(sql.Literal, bounds)),
    )
