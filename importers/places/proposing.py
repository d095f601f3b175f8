"""How a file's places are read: a proposal with its evidence, and what a person has to decide.

Sizes tell for certain which ordinate is east and which zone an easting with its number is in. All
else is weighed (evidence.py). GCJ-02, BD-09, a meridian that no file states, Xian 1980 and Beijing
1954 are never taken by themselves: they become questions, with the likeliest answer set already.
"""

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from importers.interpretation import PlaceReading, PlaceSource
from importers.phrases import gettext_noop, in_both, said
from importers.places import questions
from importers.places.advice import far_from_hunan
from importers.places.answers import swapped
from importers.places.datum_names import BD09, DATUM_NAMES, GCJ02, LOCAL_DATUM_NAMES
from importers.places.datums import Datum, named_datum, read_datum
from importers.places.evidence import Candidate, Evidence, KnownPlaces, Score
from importers.places.finding import FoundPlaces, find_places, with_datum_of
from importers.places.frames import LOCAL, Frame
from importers.places.magnitudes import Look, looks
from importers.places.sample import Sample, sample_of
from importers.places.stated_datums import StatedDatum, stated_datum
from importers.proposal import Finding
from importers.readers.specification import SourceDescription
from layers.divisions import HUNAN_BOUNDS, CountyLocator
from layers.errors import Rejected
from layers.registry import Layer

MERIDIANS = ("3-cm111", "3-cm114", "3-cm108", "6-cm117")
"""111° is the same in 3° and 6° zones; the order is that of how much of Hunan each covers."""
_FRAME_NAMES = {Frame.XIAN80: "xian80", Frame.BEIJING54: "beijing54"}
DEGREES = "EPSG:4490"
"""For degrees that nothing tells the datum of; WGS 84 is the same within centimetres."""
LAST_OF_SIX = 23
"""China's 6° zones are 13 to 23, its 3° zones 24 to 45."""


def propose_places(
    layer: Layer,
    description: SourceDescription,
    batches: Sequence[pa.RecordBatch],
    *,
    stated: PlaceReading | None,
    divisions: Sequence[str] | None,
    known_places: KnownPlaces | None = None,
    locator: CountyLocator | None = None,
) -> tuple[PlaceReading, list[Finding]]:
    """The reading, and findings of which `must` ones are open; options go to answers.answered.

    `divisions` are the codes that rows state, as long as the batches together. `known_places`
    finds features that are on the map already for rows of the file. Raises Rejected where a
    person stated a datum that is none or that puts no row near Hunan, or a column that is none.
    """
    if not batches or (stated is not None and stated.source is PlaceSource.NONE):
        return PlaceReading(source=PlaceSource.NONE), []
    _require_columns(batches[0], stated)
    if stated is not None and stated.datum_column:
        # Remembered of another file, which said its datum in its rows: this one says its own.
        stated = replace(stated, datum="", datum_column="")
    found = find_places(batches, stated)
    if found.reading.source is PlaceSource.NONE:
        return found.reading, questions.nowhere(layer)
    reading = with_datum_of(found.reading, stated)
    sample = sample_of(replace(reading, packed=False), batches, divisions)
    findings = [*questions.columns(found), *questions.mixed(sample)]
    if not len(sample):
        return reading, [*findings, *questions.unread(sample)]
    if looks(sample.ordinates).main()[1]:
        order_stated = stated is not None and found.reading == stated
        reading, more = _turned(reading, sample, order_stated=order_stated)
        sample = sample.turned()
        findings += more
    evidence = Evidence(sample, locator or CountyLocator(), known_places)
    by_rows = stated_datum(batches) if _in_cells(reading) else None
    return _Proposer(description, found, sample, evidence, by_rows).propose(reading, findings)


def _in_cells(reading: PlaceReading) -> bool:
    return reading.source in (PlaceSource.COLUMNS, PlaceSource.WKT)


def _turned(
    reading: PlaceReading, sample: Sample, *, order_stated: bool
) -> tuple[PlaceReading, list[Finding]]:
    """East and north exchanged, which their sizes tell; but not against a person's word."""
    if not order_stated:
        return swapped(reading), [questions.turned(reading)]
    if reading.datum:
        raise far_from_hunan(named(reading.datum), sample.ordinates)
    return reading, [questions.exchange(reading)]


def _require_columns(batch: pa.RecordBatch, stated: PlaceReading | None) -> None:
    """Raises Rejected for a column that is not there."""
    if stated is None:
        return
    for name in filter(None, (stated.x, stated.y, stated.wkt)):
        if name not in batch.schema.names:
            raise Rejected(
                str(said(gettext_noop("The file has no column “%(name)s”."), name=name)),
                remedy=str(said(gettext_noop("Choose among the columns of the file."))),
            )


class _Proposer:
    """Decides over one sample."""

    def __init__(
        self,
        description: SourceDescription,
        found: FoundPlaces,
        sample: Sample,
        evidence: Evidence,
        by_rows: StatedDatum | None,
    ) -> None:
        self.description = description
        self.found = found
        self.sample = sample
        self.evidence = evidence
        self.by_rows = by_rows
        self.word = found.word or (by_rows.word if by_rows is not None else "")
        """The family of the datum, as the names of the columns or the rows have it, or ""."""
        self.look, _turned, self.zone = looks(sample.ordinates).main()
        self.hinted: Datum | None = None
        """What the file states of datum and meridian, where it is wrong about the zone number."""

    def propose(
        self, reading: PlaceReading, findings: list[Finding]
    ) -> tuple[PlaceReading, list[Finding]]:
        if reading.datum:
            return reading, [*findings, *self._stated(reading)]
        declared, reasons = self._declared()
        findings = [*findings, *reasons]
        if declared is not None:
            return self._judged(reading, declared, findings)
        return self._open(reading, findings)

    def _stated(self, reading: PlaceReading) -> list[Finding]:
        """A person's word counts; only what leads nowhere near Hunan is refused."""
        datum = named(reading.datum)
        if not _near_hunan(datum, self.sample) and self.look is not Look.NOTHING:
            raise far_from_hunan(datum, self.sample.ordinates)
        first, *others = self.evidence.scores_of(
            Candidate(datum.reference, reading.packed), self._rivals(datum)
        )
        better = [score for score in others if score.beats(first)]
        doubts = [questions.doubted(better[0], first)] if better else []
        return [*doubts, *_lacking(reading, datum)]

    def _declared(self) -> tuple[Datum | None, list[Finding]]:
        """The datum that the file or the names of its columns state, if it is of any use."""
        if self.by_rows is not None:
            return self._declared_by_rows(self.by_rows)
        text = self.description.crs if self._in_geometry else None
        if text is None:
            return None, []
        try:
            datum = read_datum(text, accuracy_m=1.0)
        except Rejected:
            return None, [questions.refused(in_both(lambda: _refusal(text)))]
        if _near_hunan(datum, self.sample):
            return datum, []
        self.hinted = datum
        return None, [questions.nowhere_near(datum)]

    def _declared_by_rows(self, stated: StatedDatum) -> tuple[Datum | None, list[Finding]]:
        if not stated.name:
            return None, [questions.rows_state(stated)]
        datum = named_datum(stated.name)
        if _near_hunan(datum, self.sample):
            return datum, []
        self.hinted = datum
        return None, [questions.nowhere_near(datum)]

    @property
    def _in_geometry(self) -> bool:
        return self.found.reading.source is PlaceSource.GEOMETRY

    def _judged(
        self, reading: PlaceReading, declared: Datum, findings: list[Finding]
    ) -> tuple[PlaceReading, list[Finding]]:
        """What the file states, unless something else fits decisively better."""
        first, *others = self.evidence.scores_of(
            Candidate(declared.reference), self._rivals(declared)
        )
        better = [score for score in others if score.beats(first)]
        if better:
            chosen = replace(reading, datum=better[0].candidate.datum)
            return chosen, [*findings, questions.contradicted([*better, first])]
        reading = replace(reading, datum=declared.reference)
        if self.by_rows is not None:
            reading = replace(reading, datum_column=self.by_rows.column)
            accepted = questions.declared_by_rows(first, self.by_rows)
        else:
            accepted = questions.declared(first, stated=self.description.crs_stated)
        return reading, [*findings, accepted, *_lacking(reading, declared)]

    def _rivals(self, datum: Datum) -> list[Candidate]:
        if self.look is Look.DEGREES:
            plain = [] if datum.geographic and not datum.offset else [DEGREES]
            return [Candidate(each) for each in (*plain, GCJ02, BD09) if each != datum.code]
        if self.look is not Look.PLANE:
            return []
        rivals = _meridians(_FRAME_NAMES.get(datum.frame, "cgcs2000"))
        return [each for each in rivals if each.datum != datum.code]

    def _open(
        self, reading: PlaceReading, findings: list[Finding]
    ) -> tuple[PlaceReading, list[Finding]]:
        """Nothing states the datum."""
        candidates = self._candidates()
        if not candidates:
            return reading, [*findings, questions.unknown(self.sample)]
        scores = self.evidence.scores(candidates)
        best = self._favourite(scores)
        chosen = replace(reading, datum=best.candidate.datum, packed=best.candidate.packed)
        if self._certain(best, scores):
            return chosen, [*findings, questions.certain(best, scores, self.word)]
        asked = questions.datum([best, *(each for each in scores if each is not best)], self.look)
        return chosen, [*findings, asked, *_lacking(chosen, named(chosen.datum))]

    def _candidates(self) -> list[Candidate]:
        word = self.word
        if not word and self.hinted is not None:
            word = _FRAME_NAMES.get(self.hinted.frame, "")
        if self.look is Look.DEGREES:
            plain = _code(word) if word and word not in (GCJ02, BD09) else DEGREES
            found = [Candidate(name) for name in (plain, GCJ02, BD09)]
            return [*found, *questions.packed_candidates(self.sample, plain)]
        if self.look is Look.MERCATOR:
            return [Candidate("EPSG:3857")]
        if self.look is Look.ZONE:
            width = 3 if self.zone > LAST_OF_SIX else 6
            return [Candidate(_code(f"{_family(word)}-{width}-{self.zone}"))]
        return _meridians(_family(word)) if self.look is Look.PLANE else []

    def _favourite(self, scores: list[Score]) -> Score:
        """What the names of the columns say, unless something else fits decisively better."""
        named = [each for each in scores if each.candidate.datum == self.word]
        if named and not any(each.beats(named[0]) for each in scores):
            return named[0]
        likely = [each for each in scores if self._likely(each.candidate)]
        if likely and not named and not any(each.beats(likely[0]) for each in scores):
            return likely[0]
        return scores[0]

    def _likely(self, candidate: Candidate) -> bool:
        """Without evidence: degrees as they are, eastings from the meridian that the file names."""
        if candidate.datum == DEGREES:
            return not candidate.packed
        stated = None if self.hinted is None else self.hinted.meridian
        return stated is not None and stated == named_datum(candidate.datum, None, 1.0).meridian

    def _certain(self, best: Score, scores: list[Score]) -> bool:
        """Only degrees without an offset, said so by name or better than everything else."""
        if self.look is not Look.DEGREES or best.candidate.packed:
            return False
        if best.candidate.datum in (GCJ02, BD09) or named(best.candidate.datum).frame in LOCAL:
            return False
        others = [each for each in scores if each is not best]
        if any(each.candidate.packed and not best.beats(each) for each in others):
            return False
        said_so = self.word in ("cgcs2000", "wgs84")
        return said_so or all(best.beats(each) for each in others)


def named(reference: str) -> Datum:
    """As `named_datum`, also for what still lacks its parameters."""
    return named_datum(reference, accuracy_m=1.0)


def _lacking(reading: PlaceReading, datum: Datum) -> list[Finding]:
    """Xian 1980 and Beijing 1954 want parameters, or an error that is accepted."""
    known = reading.parameters is not None or reading.accuracy_m is not None
    return [questions.local(datum.reference)] if datum.frame in LOCAL and not known else []


def _family(word: str) -> str:
    return word if word in _FRAME_NAMES.values() else "cgcs2000"


def _code(name: str) -> str:
    return f"EPSG:{ {**DATUM_NAMES, **LOCAL_DATUM_NAMES}[name] }"


def _meridians(family: str) -> list[Candidate]:
    return [Candidate(_code(f"{family}-{name}")) for name in MERIDIANS]


def _near_hunan(datum: Datum, sample: Sample) -> bool:
    west, south, east, north = HUNAN_BOUNDS
    lon, lat = datum.to_degrees(sample.ordinates).T
    return bool(((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)).any())


def _refusal(text: str) -> str:
    """What reading the datum complains of, in the active language."""
    try:
        read_datum(text, accuracy_m=1.0)
    except Rejected as refusal:
        return str(refusal.message)
    return ""
