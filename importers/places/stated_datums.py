"""The datum that a table's rows state in a column of their own, as our exports write it.

A table has no other place for its datum that survives copying. One datum is one file's: where rows
state several, none is taken for all, and each later row that states another is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from importers.columns import CellReason
from importers.matching.names import plain
from importers.phrases import gettext_noop, said
from importers.places.datums import Datum, named_datum
from importers.places.naming import named_datum_word
from layers.errors import Rejected

OUR_NAMES = ("坐标基准", "Datum of the place")
"""The headers of importers.writers.places_in_cells."""
_NAMES = frozenset(
    map(
        plain,
        (
            *OUR_NAMES,
            *["坐标系", "坐标系统", "坐标系名称", "坐标系类型", "空间参考", "大地基准", "datum", "crs", "srs"],
        ),
    )
)


@dataclass(frozen=True, slots=True)
class StatedDatum:
    """What the rows of a sample say: `texts` in the order of their first rows."""

    column: str
    texts: tuple[str, ...]

    @property
    def name(self) -> str:
        """What `named_datum` knows, "" where the rows differ or say nothing it knows."""
        known = len(self.texts) == 1 and _known(self.texts[0]) is not None
        return self.texts[0] if known else ""

    @property
    def word(self) -> str:
        """The family, where it is named in words only (西安80坐标系), or ""."""
        return named_datum_word(self.texts[0]) if len(self.texts) == 1 else ""


def stated_datum(batches: Sequence[pa.RecordBatch]) -> StatedDatum | None:
    """None where there is no such column, or nothing in it."""
    for name in batches[0].schema.names:
        if plain(name) in _NAMES:
            columns = pa.chunked_array([_texts(batch.column(name)) for batch in batches])
            texts = tuple(text for text in pc.unique(columns).to_pylist() if text)
            return StatedDatum(name, texts) if texts else None
    return None


def contradictions(cells: pa.Array, datum: Datum) -> dict[int, CellReason]:
    """By row: what a row states that is not the datum the file is read in. An empty cell is not."""
    encoded = _texts(cells).dictionary_encode()
    wrong = {
        at: text
        for at, text in enumerate(encoded.dictionary.to_pylist())
        if text and not _is(text, datum)
    }
    if not wrong:
        return {}
    rows = enumerate(encoded.indices.to_pylist())
    return {row: _reason(wrong[at], datum) for row, at in rows if at in wrong}


def _reason(text: str, datum: Datum) -> CellReason:
    return CellReason(
        None,
        said(
            gettext_noop("The row is in %(stated)s, and the file is read as %(name)s."),
            stated=text[:80],
            name=datum.name,
        ),
        said(gettext_noop("Send the rows of each datum as a file of their own.")),
    )


def _texts(cells: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(cells.cast(pa.string()))


def _is(text: str, datum: Datum) -> bool:
    known = _known(text)
    return known is not None and known.reference == datum.reference


@lru_cache(maxsize=256)
def _known(text: str) -> Datum | None:
    """None for a name that is none, and for one that wants parameters or an accepted error."""
    try:
        return named_datum(text)
    except Rejected:
        return None
