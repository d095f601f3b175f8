"""What a file's first rows seem to be, given what a person said: a Proposal.

The one place where deliveries ask for it, when a file is read and after every correction. It puts
together the matching of columns, the datum and the code lists.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from importers import datums
from importers.columns import ColumnReader
from importers.deliveries.corrections import Corrections
from importers.deliveries.kept import Sample
from importers.interpretation import ColumnChoice, Interpretation, PlaceReading, PlaceSource
from importers.matching import MADE_UP_LATER, Matches, _match_cut, _match_whole, plain
from importers.phrases import gettext_noop, said
from importers.proposal import Finding, Proposal, Topic
from importers.readers.specification import (
    GEOMETRY_COLUMN,
    ROW_COLUMN,
    UNREADABLE_COLUMN,
    Column,
    SourceDescription,
)
from importers.vocabulary import CellProblem
from layers.errors import ServiceError
from layers.registry import Field, Kind, Layer

OWN_COLUMNS = (GEOMETRY_COLUMN, UNREADABLE_COLUMN, ROW_COLUMN)
MOST_WORDS = 60
MOST_SAMPLES = 4


def understood(
    layer: Layer, sample: Sample, corrections: Corrections, remembered: Interpretation | None
) -> Proposal:
    """Never raises for what the rows hold: what cannot be settled is a finding."""
    found = sample.description
    matches = _matches(layer, found, corrections, remembered)
    columns = {
        name: ColumnChoice(column, 1.0, _how(layer.by_name[name], column, corrections, remembered))
        for name, column in matches.columns.items()
    }
    place, place_findings = _place(sample, corrections, remembered)
    values, value_findings = _values(layer, sample, columns, remembered)
    return Proposal(
        description=found,
        interpretation=Interpretation(
            table=found.table,
            place=place,
            columns=columns,
            values=values,
            key=("code",) if "code" in columns else (),
        ),
        findings=(*place_findings, *_lacking(layer, matches), *value_findings),
        unmatched=matches.unmatched,
        samples=samples_of(sample),
    )


def recogniser(layer: Layer) -> Callable[[str, str], str]:
    """The code that a field's word stands for by label or synonym; "" where nobody knows."""
    vocabulary = ColumnReader(layer).vocabulary

    def recognised(name: str, word: str) -> str:
        try:
            return vocabulary.code(layer.by_name[name], word)
        except CellProblem:
            return ""

    return recognised


def shape_of(layer: Layer, columns: Sequence[Column]) -> str:
    """A hex digest that recognises a file of the same columns."""
    names = "\n".join([layer.name, *sorted(plain(column.name) for column in columns)])
    return hashlib.sha256(names.encode()).hexdigest()


def samples_of(sample: Sample) -> dict[str, tuple[str, ...]]:
    """A few distinct values of each column."""
    return {
        column.name: tuple(words_of(sample, column.name, MOST_SAMPLES))
        for column in sample.description.columns
    }


def words_of(sample: Sample, column: str, most: int = MOST_WORDS) -> list[str]:
    """Distinct texts of a column of the sample, in the order in which they come."""
    words: dict[str, None] = {}
    for batch in sample.batches:
        if column not in batch.schema.names:
            return []
        for value in batch.column(column).unique().to_pylist():
            text = "" if value is None else str(value).strip()
            if text:
                words.setdefault(text)
            if len(words) >= most:
                return list(words)
    return list(words)


def _matches(
    layer: Layer,
    found: SourceDescription,
    corrections: Corrections,
    remembered: Interpretation | None,
) -> Matches:
    """What a person said, then what a profile remembers, then names, labels and aliases."""
    free = [column.name for column in found.columns]
    taken: dict[str, str] = {}
    before = {
        name: each.column for name, each in (remembered.columns if remembered else {}).items()
    }
    for name, column in (*corrections.columns.items(), *before.items()):
        if column in free and name in layer.by_name and name not in taken:
            taken[name] = column
            free.remove(column)
    fields = [
        each
        for each in layer.fields
        if not each.readonly and each.name not in taken and each.name not in corrections.columns
    ]
    _match_whole(fields, free, taken)
    if found.names_cut:
        rest = [each for each in fields if each.name not in taken]
        _match_cut(rest, free, taken, found.names_cut, found.encoding)
    return Matches(taken, tuple(free))


def _how(
    field: Field, column: str, corrections: Corrections, remembered: Interpretation | None
) -> str:
    if corrections.columns.get(field.name) == column:
        return "stated"
    if remembered is not None and field.name in remembered.columns:
        return "profile"
    name = plain(column)
    if name == plain(field.name):
        return "name"
    return "label" if name in {plain(field.label.zh), plain(field.label.en)} else "alias"


def _lacking(layer: Layer, matches: Matches) -> list[Finding]:
    return [
        Finding(
            Topic.COLUMNS,
            said(
                gettext_noop("No column was found for “%(field)s”, which every row needs."),
                field=field.label,
            ),
            must=True,
            about=field.name,
        )
        for field in layer.fields
        if field.required and field.name not in matches.columns and field.name not in MADE_UP_LATER
    ]


def _values(
    layer: Layer,
    sample: Sample,
    columns: Mapping[str, ColumnChoice],
    remembered: Interpretation | None,
) -> tuple[dict[str, dict[str, str]], list[Finding]]:
    vocabulary = ColumnReader(layer).vocabulary
    values: dict[str, dict[str, str]] = {}
    findings = []
    for name, choice in columns.items():
        field = layer.by_name[name]
        if layer.kind(field) is not Kind.CODE:
            continue
        known = dict(remembered.values.get(name, {})) if remembered else {}
        for word in words_of(sample, choice.column):
            try:
                values.setdefault(name, {})[word] = known.get(word) or vocabulary.code(field, word)
            except CellProblem as problem:
                findings.append(
                    Finding(Topic.VALUES, problem.phrase, must=True, about=f"{name}:{word}")
                )
    return values, findings


@dataclass(frozen=True, slots=True)
class _Stated:
    """A datum that is known, or why it is not."""

    name: str = ""
    findings: tuple[Finding, ...] = ()


def _place(
    sample: Sample, corrections: Corrections, remembered: Interpretation | None
) -> tuple[PlaceReading, list[Finding]]:
    shapes = shapes_of(sample.batches)
    if not len(shapes):
        return PlaceReading(source=PlaceSource.NONE), []
    before = remembered.place.datum if remembered else ""
    if corrections.datum or before:
        return PlaceReading(datum=corrections.datum or before), []
    stated = _stated(sample.description)
    if stated.name and _near(stated.name, shapes):
        return PlaceReading(datum=stated.name), []
    looks = datums.looks_like(shapes)
    text = said(
        gettext_noop(
            "The file does not say which datum its ordinates are in. They look like %(text)s."
        ),
        text=looks.text if looks else "?",
    )
    guess = f"EPSG:{looks.epsg}" if looks and looks.epsg else ""
    options = tuple((name, said(label)) for name, label in CHOICES.items())
    question = Finding(Topic.PLACE, text, must=True, about="datum", options=options)
    return PlaceReading(datum=guess or stated.name), [*stated.findings, question]


CHOICES = {
    "EPSG:4490": gettext_noop("CGCS2000, degrees"),
    "EPSG:4525": gettext_noop("CGCS2000, 3° zone 37"),
    "EPSG:4526": gettext_noop("CGCS2000, 3° zone 38"),
    "EPSG:4545": gettext_noop("CGCS2000, 3°, meridian 108°"),
    "EPSG:4546": gettext_noop("CGCS2000, 3°, meridian 111°"),
    "EPSG:4547": gettext_noop("CGCS2000, 3°, meridian 114°"),
}


def _stated(found: SourceDescription) -> _Stated:
    if found.crs is None:
        return _Stated()
    try:
        return _Stated(datums.read_datum(found.crs).name)
    except ServiceError as refusal:
        text = said("%(text)s", text=str(refusal.message))
        return _Stated(findings=(Finding(Topic.PLACE, text, must=True, about="datum"),))


def _near(name: str, shapes: Any) -> bool:
    return datums.near_hunan(datums.named_datum(name).to_stored(shapes))


def shapes_of(batches: Iterable[pa.RecordBatch]) -> Any:
    """All geometries there are, in the file's own ordinates."""
    wkb = [each for batch in batches for each in batch.column(GEOMETRY_COLUMN).to_pylist()]
    shapes = shapely.from_wkb(np.array([*wkb, None], dtype=object)[:-1], on_invalid="ignore")
    return shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
