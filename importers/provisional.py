"""What rows.py and proposing.py ask for, over the functions there are so far.

Each has the signature of its successor: matching/ and places/ take these places when they come.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from importers import datums, placement
from importers.columns import CellReason, ColumnReader
from importers.datums import Datum
from importers.interpretation import ColumnChoice, Interpretation, PlaceReading, PlaceSource
from importers.matching import match
from importers.phrases import Phrase, gettext_noop, said
from importers.placement import Places
from importers.proposal import Finding, Topic
from importers.readers.specification import GEOMETRY_COLUMN, SourceDescription
from importers.rejects import Rejects
from layers.registry import Field, Layer


@dataclass(frozen=True, slots=True)
class Converted:
    """A column as COPY takes it, null where a cell is empty or refused; the reasons by row."""

    taken: pa.StringArray
    reasons: dict[int, CellReason]


class Cells:
    """Reads columns for one layer; each distinct value of a batch is judged once."""

    def __init__(self, layer: Layer, interpretation: Interpretation) -> None:
        reader = ColumnReader(layer)
        # Asked for now, so that reading needs no database: it happens in a thread of its own.
        reader.lists.codes_of(layer)
        self._converters = {
            name: reader.converter(layer.by_name[name]) for name in interpretation.columns
        }

    def read(self, field: Field, cells: pa.Array) -> Converted:
        coded = cells.dictionary_encode()
        judged = self._converters[field.name](coded.dictionary.to_pylist())
        refused = {at: each for at, each in enumerate(judged) if isinstance(each, CellReason)}
        texts = pa.array(
            [None if isinstance(each, CellReason) else each for each in judged], pa.string()
        )
        reasons: dict[int, CellReason] = {}
        if refused:
            found = pc.is_in(coded.indices, pa.array(list(refused), coded.indices.type))
            for row in np.flatnonzero(found.to_numpy(zero_copy_only=False)).tolist():
                reasons[row] = refused[coded.indices[row].as_py()]
        return Converted(texts.take(coded.indices), reasons)


class Placement:
    """Places the rows of one file by their geometries."""

    def __init__(self, layer: Layer, reading: PlaceReading) -> None:
        self.datum = _datum_of(reading)
        self._placement = placement.Placement(layer, self.datum)

    def place(self, batch: pa.RecordBatch) -> Places:
        column = batch.column(GEOMETRY_COLUMN)
        wkb = np.array([*column.to_pylist(), None], dtype=object)[:-1]
        return self._placement.place(wkb)

    def disagreement(self, shape: shapely.Geometry, division: str) -> Phrase | None:
        return self._placement.disagreement(shape, division)


def _datum_of(reading: PlaceReading) -> Datum | None:
    if reading.source is PlaceSource.NONE or not reading.datum:
        return None
    authority, _colon, code = reading.datum.partition(":")
    if not code or authority.upper() == "EPSG":
        return datums.named_datum(reading.datum)
    return datums.read_datum(reading.datum)


def original_ordinates(places: Places, datum: Datum | None) -> Sequence[str]:
    if datum is None or datum.stored:
        return [""] * len(places.shapes)
    return placement.original_ordinates(places.sources)


def add_reject(
    rejects: Rejects,
    number: int,
    cells: Sequence[Any],
    reasons: Sequence[CellReason],
    marked: Collection[str],
) -> None:
    del marked
    phrases = [reason.phrase() for reason in reasons]
    rejects.add(
        number,
        cells,
        "；".join(each.zh for each in phrases),
        "; ".join(each.en for each in phrases),
    )


def propose_matching(
    layer: Layer,
    description: SourceDescription,
    batches: Sequence[pa.RecordBatch],
    *,
    stated: Mapping[str, str],
    within: str,
    remembered: Interpretation | None,
) -> tuple[Interpretation, list[Finding], tuple[str, ...], Mapping[str, tuple[str, ...]]]:
    """Raises Rejected: a stated field or column is not there; a required field has no column."""
    del batches, remembered
    matches = match(
        layer,
        [column.name for column in description.columns],
        stated=stated,
        names_cut=description.names_cut,
        encoding=description.encoding if description.names_cut else "utf-8",
    )
    columns = {name: ColumnChoice(column, how="name") for name, column in matches.columns.items()}
    return Interpretation(columns=columns, within=within), [], matches.unmatched, {}


def propose_places(
    layer: Layer,
    description: SourceDescription,
    batches: Sequence[pa.RecordBatch],
    *,
    stated: PlaceReading | None,
    divisions: Sequence[str] | None,
) -> tuple[PlaceReading, list[Finding]]:
    """Raises Rejected for a datum that nothing can be brought from."""
    del layer, divisions
    shapes = _shapes(batches)
    if stated is not None and stated.datum:
        datum = datums.named_datum(stated.datum)
    elif not len(shapes):
        return PlaceReading(source=PlaceSource.NONE), []
    elif description.crs is None:
        raise datums.missing(shapes)
    else:
        datum = datums.read_datum(description.crs)
    if len(shapes) and not datums.near_hunan(datum.to_stored(shapes)):
        refusal = datums.mismatched(datum, shapes)
        if refusal is not None:
            raise refusal
    reading = PlaceReading(datum=datum.name)
    if not description.crs_stated and not (stated and stated.datum):
        return reading, [Finding(Topic.PLACE, said(_DEFAULT_DATUM), about=datum.name)]
    return reading, []


_DEFAULT_DATUM = gettext_noop("the format's own, the file states none")


def _shapes(batches: Sequence[pa.RecordBatch]) -> datums.Shapes:
    found = [each for batch in batches for each in batch.column(GEOMETRY_COLUMN).to_pylist()]
    shapes = shapely.from_wkb(np.array([*found, None], dtype=object), on_invalid="ignore")
    return shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
