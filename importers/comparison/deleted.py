"""Features that a delivery brought and a person has deleted since: a file that has them still."""

import json
from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from psycopg2 import sql

from importers.comparison.changes import Wanted
from importers.comparison.existing import SQL
from importers.comparison.keys import BETWEEN, Key
from importers.comparison.values import ewkb, journal_of, opened_box, same
from importers.rows import Judged
from layers.access.policy import Scope
from layers.editing.rows import GEOMETRY, PERSONAL, State
from layers.registry import Layer
from layers.sql_files import packaged_sql


@dataclass(frozen=True, slots=True)
class Deleted:
    """A feature as it was when it was deleted; `version` is that of its deletion."""

    feature_id: int
    version: int
    state: State


@dataclass(frozen=True)
class DeletedFeatures:
    """Those in scope; read once, when the first row asks that is of no living feature."""

    layer: Layer
    scope: Scope
    key: Key

    @cached_property
    def _by_key(self) -> dict[str, Deleted]:
        statement = sql.SQL(packaged_sql("deleted_features", SQL)).format(
            layer=sql.Literal(self.layer.name), table=sql.Identifier(self.layer.table)
        )
        with connection.cursor() as cursor:
            cursor.execute(statement)
            found = [
                Deleted(feature_id, version, json.loads(state))
                for feature_id, version, state in cursor.fetchall()
            ]
        return {
            BETWEEN.join(_text(each.state.get(name)) for name in self.key.fields): each
            for each in found
            if self.scope.covers(str(each.state.get("division", "")))
        }

    def get(self, key: str) -> Deleted | None:
        return self._by_key.get(key)

    @property
    def none(self) -> bool:
        return not self._by_key


def _text(value: object) -> str:
    """A journal value as its column's text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def wanted_of(layer: Layer, judged: Judged, row: int, state: State) -> Wanted:
    """What a row says that a deleted feature did not."""
    values: State = {}
    for name, cells in judged.cells.items():
        text = cells[row].as_py()
        value = journal_of(layer, name, text)
        if text and value != state.get(name):
            values[name] = value
    shape = judged.shapes[row]
    if shape is not None and not same(GEOMETRY, ewkb(shape), state.get(GEOMETRY)):
        values[GEOMETRY] = ewkb(shape)
    known = opened_box(layer, state.get(PERSONAL))
    said = {name: cells[row].as_py() for name, cells in judged.secrets.items()}
    return Wanted(
        values, {name: text for name, text in said.items() if text and known.get(name) != text}
    )
