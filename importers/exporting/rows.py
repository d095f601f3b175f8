"""The rows of an export: read in SQL by the reader's scope, worded and placed batch by batch."""

from collections.abc import Generator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import shapely
from django.db import connection
from psycopg2 import sql

from importers.exporting.columns import Source
from importers.exporting.copying import copied
from importers.exporting.datums import ordinates_in
from importers.exporting.wish import Wish
from importers.places.datums import Datum
from importers.writers.specification import GEOMETRY_COLUMN
from layers.access.personal import unseal
from layers.access.policy import Scope
from layers.history.as_of import relation_at
from layers.registry import Layer

ID, DIVISION, PLACE, SEALED, DEMONSTRATION = "#id", "#division", "#geom", "#personal", "#demo"
"""Columns that every read has beside those of the file."""
OWN_TYPES = {
    ID: pa.int64(),
    DIVISION: pa.string(),
    PLACE: pa.string(),
    SEALED: pa.string(),
    DEMONSTRATION: pa.bool_(),
}


def relation(wish: Wish) -> sql.Composable:
    """The layer's table, or what it was at the moment asked for."""
    if wish.at is not None:
        return relation_at(wish.layer, wish.at)
    return sql.Identifier(wish.layer.table)


def counted(wish: Wish, scope: Scope) -> int:
    statement = sql.SQL("SELECT count(*) FROM {} AS f WHERE {}").format(
        relation(wish), _inside(scope)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def _inside(scope: Scope) -> sql.Composable:
    """The policy's condition with its values in it: COPY takes no parameters."""
    condition, values = scope.sql("f.division")
    return sql.SQL(condition.replace("%s", "{}")).format(*map(sql.Literal, values))


def read_rows(
    wish: Wish, scope: Scope, sources: Sequence[Source]
) -> Generator[pa.RecordBatch, None, None]:
    """As stored: each source by its number, and the columns of OWN_TYPES. In the order of ids.

    The personal box is read only where it is asked for.
    """
    box = sql.Identifier("f", "personal") if wish.personal else sql.SQL("NULL::text")
    wanted = [
        *((str(at), each.read) for at, each in enumerate(sources) if each.read is not None),
        (ID, sql.Identifier("f", "id")),
        (DIVISION, sql.Identifier("f", "division")),
        (PLACE, sql.Identifier("f", "geom")),
        (SEALED, box),
        (DEMONSTRATION, sql.Identifier("f", "demonstration")),
    ]
    statement = sql.SQL("SELECT {} FROM {} AS f WHERE {} ORDER BY f.id").format(
        sql.SQL(", ").join(
            sql.SQL("{} AS {}").format(read, sql.Identifier(name)) for name, read in wanted
        ),
        relation(wish),
        _inside(scope),
    )
    types = {str(at): each.stored for at, each in enumerate(sources) if each.read is not None}
    with connection.cursor() as cursor:
        select: str = statement.as_string(cursor.cursor)
    return copied(select, {**types, **OWN_TYPES})


class Rendering:
    """Stored batches as the file has them: words, opened personal data, ordinates."""

    def __init__(self, layer: Layer, sources: Sequence[Source], datum: Datum) -> None:
        self._layer = layer
        self._sources = sources
        self._datum = datum
        self._secrets = [each.column.name for each in sources if each.read is None]
        self._words = [None if each.words is None else _Words(each.words) for each in sources]

    def rendered(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        opened = self._opened(batch.column(SEALED)) if self._secrets else {}
        arrays = [
            opened[each.column.name] if each.read is None else self._worded(batch, at)
            for at, each in enumerate(self._sources)
        ]
        names = [each.column.name for each in self._sources]
        places = self._placed(batch.column(PLACE))
        return pa.RecordBatch.from_arrays([*arrays, places], names=[*names, GEOMETRY_COLUMN])

    def _worded(self, batch: pa.RecordBatch, at: int) -> pa.Array:
        stored, words = batch.column(str(at)), self._words[at]
        return stored if words is None else words.of(stored)

    def _opened(self, boxes: pa.Array) -> Mapping[str, pa.Array]:
        values = [
            unseal(self._layer, bytes.fromhex(box[2:])) if box else {} for box in boxes.to_pylist()
        ]
        return {
            name: pa.array([value.get(name) for value in values], pa.string())
            for name in self._secrets
        }

    def _placed(self, stored: pa.Array) -> pa.Array:
        shapes = shapely.from_wkb(stored.to_numpy(zero_copy_only=False))
        empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
        shapes[empty] = None
        moved = ordinates_in(self._datum, shapes)
        return pa.array(shapely.to_wkb(moved, byte_order=1), pa.binary())


class _Words:
    """Codes, truth values and divisions by their words; what has none stays what it is."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._codes = pa.array(list(words), pa.string())
        self._words = pa.array(list(words.values()), pa.string())

    def of(self, stored: pa.Array) -> pa.Array:
        """Each distinct value is looked up once: a province has 31,000 divisions."""
        distinct = stored.cast(pa.string()).dictionary_encode()
        texts = distinct.dictionary
        found = self._words.take(pc.index_in(texts, value_set=self._codes))
        return pc.coalesce(found, texts).take(distinct.indices)
