"""What the service makes of a file before anything is loaded: read in the box, a sample only."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from importers.columns import ColumnReader
from importers.interpretation import Helmert, Interpretation, PlaceReading, PlaceSource
from importers.matching.proposing import propose_matching
from importers.opening import Opened, opened
from importers.phrases import said
from importers.places.known import KnownFeatures
from importers.places.proposing import propose_places
from importers.proposal import Finding, Proposal, Topic
from importers.readers.specification import FileProblem, SourceDescription
from layers.access import policy
from layers.access.roles import Action
from layers.errors import Rejected
from layers.models.access import User
from layers.registry import Layer


@dataclass(frozen=True, slots=True)
class Stated:
    """What a person says about a file; what is empty is left to be found out.

    `columns` are fields (by name or label) to columns, an empty column leaves the field out.
    `reading` says all of the place at once, and then the fields below count for nothing.
    """

    table: str = ""
    datum: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    x: str = ""
    y: str = ""
    key: tuple[str, ...] = ()
    within: str = ""
    parameters: Helmert | None = None
    accuracy_m: float | None = None
    reading: PlaceReading | None = None

    @property
    def place(self) -> PlaceReading | None:
        """What is said of places; None where nothing is."""
        if self.reading is not None:
            return self.reading
        if not (self.datum or self.x or self.y or self.parameters or self.accuracy_m is not None):
            return None
        by_columns = bool(self.x or self.y)
        return PlaceReading(
            source=PlaceSource.COLUMNS if by_columns else PlaceSource.GEOMETRY,
            x=self.x,
            y=self.y,
            datum=self.datum,
            parameters=self.parameters,
            accuracy_m=self.accuracy_m,
        )


def propose(
    *,
    actor: User,
    layer: Layer,
    path: Path,
    stated: Stated,
    remembered: Interpretation | None = None,
) -> Proposal:
    """Raises Rejected where the file cannot be read, or what is stated does not fit it; Forbidden
    and LoginRequired for who may import nowhere."""
    with proposed(
        actor=actor, layer=layer, path=path, stated=stated, remembered=remembered
    ) as proposal_and_file:
        return proposal_and_file[0]


@contextmanager
def proposed(
    *,
    actor: User,
    layer: Layer,
    path: Path,
    stated: Stated,
    remembered: Interpretation | None = None,
) -> Iterator[tuple[Proposal, Opened]]:
    """The proposal as `propose` makes it, and the file still open, for `import_file`."""
    policy.require_somewhere(actor, Action.IMPORT)
    try:
        with opened(path, stated.table) as file:
            sample, again = file.sampled()
            yield composed(actor, layer, file.boxed.description, sample, stated, remembered), again
    except FileProblem as problem:
        text = said(problem.text, **problem.parameters)
        raise Rejected(str(text), remedy=str(said(problem.remedy))) from problem


def composed(
    actor: User,
    layer: Layer,
    description: SourceDescription,
    sample: Sequence[pa.RecordBatch],
    stated: Stated,
    remembered: Interpretation | None = None,
) -> Proposal:
    """Columns first: which county the rows state is evidence for where their places are."""
    matching, findings, unmatched, samples = propose_matching(
        layer,
        description,
        sample,
        stated=stated.columns,
        within=stated.within,
        remembered=remembered,
    )
    place, of_places = propose_places(
        layer,
        description,
        sample,
        stated=stated.place or (remembered.place if remembered is not None else None),
        divisions=stated_divisions(layer, matching, sample),
        known_places=_known_features(actor, layer, matching),
    )
    interpretation = matching.with_(
        table=stated.table or description.table,
        place=place,
        **({"key": stated.key} if stated.key else {}),
    )
    spent = {place.x, place.y, place.wkt, place.datum_column}
    return Proposal(
        description,
        interpretation,
        (*_notes(description), *findings, *of_places),
        tuple(name for name in unmatched if name not in spent),
        samples,
    )


def _notes(description: SourceDescription) -> list[Finding]:
    return [Finding(Topic.FILE, said(text, **parameters)) for text, parameters in description.notes]


def stated_divisions(
    layer: Layer, interpretation: Interpretation, sample: Sequence[pa.RecordBatch]
) -> list[str] | None:
    """The division codes that the rows state, "" where a row states none that is known."""
    if "division" not in interpretation.columns:
        return None
    reader = ColumnReader(layer, interpretation)
    codes: list[Any] = []
    for batch in sample:
        codes += reader.read_column(layer.by_name["division"], batch).taken.to_pylist()
    return [code or "" for code in codes]


def _known_features(actor: User, layer: Layer, interpretation: Interpretation) -> KnownFeatures:
    """What the actor sees of the layer: its places are evidence for the datum of the file's."""
    columns = interpretation.columns
    return KnownFeatures(
        layer.rows.filter(policy.scope(actor).q()),
        code=columns["code"].column if "code" in columns else "",
        name=columns["name"].column if "name" in columns else "",
    )
