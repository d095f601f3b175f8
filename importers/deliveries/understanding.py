"""What a file's first rows seem to be, given what a person said: a Proposal.

The one place where deliveries ask for it, when a file is read and after every correction.
"""

from collections.abc import Callable
from dataclasses import replace

from importers.columns import ColumnReader
from importers.deliveries.corrections import Corrections
from importers.deliveries.kept import Sample
from importers.interpretation import Interpretation, PlaceReading, PlaceSource
from importers.matching.problems import CellProblem
from importers.matching.stated import CONSTANT
from importers.phrases import Phrase
from importers.proposal import Finding, Proposal, Topic
from importers.proposing import Stated, composed
from layers.errors import Rejected
from layers.models.access import User
from layers.registry import Layer

MOST_WORDS = 60
DATUM = "datum"
"""What a finding about the datum names."""


def understood(
    actor: User,
    layer: Layer,
    sample: Sample,
    corrections: Corrections,
    remembered: Interpretation | None,
    division: str,
) -> Proposal:
    """`division` is what the delivery is said to be about: names are looked for in it first of all.

    Never raises for what the rows hold or a person said: what cannot be settled is a finding."""
    stated = _stated(sample, corrections, division)

    def proposed(said: Stated, known: Interpretation | None) -> Proposal:
        return composed(actor, layer, sample.description, sample.batches, said, known)

    try:
        return proposed(stated, remembered)
    except Rejected as refusal:
        # What was said of the place leads nowhere: shown as if nothing had been said, with why.
        why = f"{refusal.message} {refusal.remedy}"
        forgotten = None if remembered is None else remembered.with_(place=PlaceReading())
        found = proposed(replace(stated, reading=None), forgotten)
        refused = Finding(Topic.PLACE, Phrase(why, why), must=True, about=DATUM)
        return replace(found, findings=(refused, *found.findings))


def _stated(sample: Sample, corrections: Corrections, division: str) -> Stated:
    """A column that another table has is not said of this one."""
    names = {column.name for column in sample.description.columns}
    columns = {
        name: column
        for name, column in corrections.columns.items()
        if not column or column.startswith(CONSTANT) or column in names
    }
    return Stated(
        table=corrections.table,
        columns=columns,
        key=corrections.key or (),
        within=division if corrections.within is None else corrections.within,
        reading=_reading(corrections, names),
    )


def _reading(corrections: Corrections, names: set[str]) -> PlaceReading | None:
    """What was said of the place; None where nothing was."""
    known = corrections.with_(
        **{
            name: column if (column := getattr(corrections, name)) in names else ""
            for name in ("x", "y", "wkt")
        }
    )
    source = PlaceSource.GEOMETRY
    if known.x or known.y:
        source = PlaceSource.COLUMNS
    elif known.wkt:
        source = PlaceSource.WKT
    reading = known.place_on(PlaceReading(source=source))
    return None if reading == PlaceReading() else reading


def recogniser(layer: Layer) -> Callable[[str, str], str]:
    """The code that a field's word stands for by label or synonym; "" where nobody knows."""
    vocabulary = ColumnReader(layer).vocabulary

    def recognised(name: str, word: str) -> str:
        try:
            return vocabulary.code(layer.by_name[name], word, None) or ""
        except CellProblem:
            return ""

    return recognised


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
