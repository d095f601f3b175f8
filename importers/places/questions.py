"""The findings about places: what is told, what is asked, and with which evidence."""

from collections.abc import Sequence

import numpy as np

from importers.interpretation import PlaceReading, PlaceSource
from importers.phrases import Phrase, gettext_noop, said
from importers.places.advice import advice
from importers.places.answers import ACCURACY, SWAP
from importers.places.datum_names import DATUM_NAMES, LOCAL_DATUM_NAMES
from importers.places.datums import LONGEST_NAME, Datum
from importers.places.evidence import Candidate, Score
from importers.places.finding import FoundPlaces
from importers.places.labels import label
from importers.places.magnitudes import Look, looks
from importers.places.ordinates import unpacked
from importers.places.sample import Sample
from importers.places.stated_datums import StatedDatum
from importers.proposal import Finding, Topic
from layers.models.division import Division
from layers.registry import Layer

FEWEST_PACKED = 8
"""A third of all decimal fractions could be minutes and seconds: eight by chance, one in 10^7."""
ACCEPTABLE_M = 100
MOST_SHOWN = 5
_NAMES_BY_CODE = {
    f"EPSG:{code}": name for name, code in {**DATUM_NAMES, **LOCAL_DATUM_NAMES}.items()
}


def nowhere(layer: Layer) -> list[Finding]:
    if layer.geometry_may_be_empty:
        text = gettext_noop("The file has no places: its features will not be on the map.")
    else:
        text = gettext_noop("The file has no places, and this layer needs them.")
    must = not layer.geometry_may_be_empty
    return [Finding(Topic.PLACE, said(text), must=must, about="source")]


def unread(sample: Sample) -> list[Finding]:
    if not sample.unread:
        return []
    text = gettext_noop("None of the first rows has a place that can be read.")
    return [Finding(Topic.PLACE, said(text), about="source")]


def columns(found: FoundPlaces) -> list[Finding]:
    """Which columns the ordinates were taken from, where that was a choice."""
    reading, findings = found.reading, []
    if found.by_content:
        text = gettext_noop(
            "No column is named so, but by their values these are places: %(names)s."
        )
        findings.append(_told(said(text, names=_columns_of(reading)), about="columns"))
    if found.others:
        text = gettext_noop("Places are read from %(names)s. The file has others: %(others)s.")
        others = ", ".join(map(_columns_of, found.others))
        findings.append(
            _told(said(text, names=_columns_of(reading), others=others), about="columns")
        )
    return findings


def _columns_of(reading: PlaceReading) -> str:
    if reading.source is PlaceSource.WKT:
        return reading.wkt
    return f"{reading.x} / {reading.y}"


def mixed(sample: Sample) -> list[Finding]:
    """Rows that look like something else than most do; they will be rejected."""
    found = looks(sample.ordinates)
    look, turned, zone = found.main()
    alike = (found.look == look) & (found.swapped == turned) & (found.zone == zone)
    odd = int((~alike).sum()) + sample.unread
    if not odd or look is Look.NOTHING:
        return []
    text = gettext_noop(
        "%(odd)d of the first %(rows)d rows have other ordinates than the rest, or none that can be"
        " read; they will be rejected with the reason."
    )
    return [_told(said(text, odd=odd, rows=len(sample) + sample.unread))]


def turned(reading: PlaceReading) -> Finding:
    if reading.source is PlaceSource.COLUMNS:
        text = said(
            gettext_noop(
                "By their values “%(x)s” is north and “%(y)s” is east (survey tables call north X);"
                " they are read so."
            ),
            x=reading.x,
            y=reading.y,
        )
    else:
        text = said(gettext_noop("The ordinates are written north first; they are read so."))
    options = ((SWAP, said(gettext_noop("Read them the other way round"))),)
    return Finding(Topic.PLACE, text, about="swapped", options=options)


def exchange(reading: PlaceReading) -> Finding:
    """A person named the columns, and their values say the opposite."""
    text = said(
        gettext_noop("“%(x)s” was named as east, but its values are those of north."),
        x=reading.x or reading.wkt,
    )
    options = ((SWAP, said(gettext_noop("Exchange east and north"))),)
    return Finding(Topic.PLACE, text, must=True, about="swapped", options=options)


def refused(reason: Phrase) -> Finding:
    return _told(
        said(gettext_noop("The datum in the file is of no use: %(reason)s"), reason=reason)
    )


def nowhere_near(datum: Datum) -> Finding:
    return _told(
        said(
            gettext_noop("The file states %(name)s, but read so no place is near Hunan."),
            name=label(datum.reference),
        )
    )


def unknown(sample: Sample) -> Finding:
    text = gettext_noop("The ordinates look like none that lies in Hunan. %(advice)s")
    return Finding(
        Topic.PLACE, said(text, advice=advice(sample.ordinates)), must=True, about="datum"
    )


def local(reference: str) -> Finding:
    text = said(
        gettext_noop(
            "There are no published parameters from %(name)s to CGCS2000. Give the seven parameters"
            " of the surveying office, or accept an error; it is kept with every feature."
        ),
        name=label(reference),
    )
    accept = said(gettext_noop("Accept an error of some %(metres)d m"), metres=ACCEPTABLE_M)
    options = ((f"{ACCURACY}{ACCEPTABLE_M}", accept),)
    return Finding(Topic.PLACE, text, must=True, about="accuracy_m", options=options)


def declared(score: Score, *, stated: bool) -> Finding:
    if stated:
        text = gettext_noop("The file states %(name)s. %(evidence)s")
    else:
        text = gettext_noop(
            "The format's own datum is %(name)s; the file states none. %(evidence)s"
        )
    return _told(said(text, name=_label(score.candidate), evidence=evidence(score)))


def declared_by_rows(score: Score, stated: StatedDatum) -> Finding:
    text = gettext_noop("The column “%(column)s” states %(name)s. %(evidence)s")
    return _told(
        said(text, column=stated.column, name=_label(score.candidate), evidence=evidence(score))
    )


def rows_state(stated: StatedDatum) -> Finding:
    """Of a column that does not settle the datum."""
    if len(stated.texts) > 1:
        text = gettext_noop(
            "The rows state different datums in “%(column)s”: %(texts)s. Send the rows of each as a"
            " file of their own."
        )
    else:
        text = gettext_noop(
            "The rows state “%(texts)s” in “%(column)s”, which does not say alone how the places"
            " are read."
        )
    shown = ", ".join(text[:LONGEST_NAME] for text in stated.texts[:MOST_SHOWN])
    return _told(said(text, column=stated.column, texts=shown))


def doubted(better: Score, stated: Score) -> Finding:
    """A warning about what a person stated."""
    return _told(_compared(better, stated))


def contradicted(scores: Sequence[Score]) -> Finding:
    """The file's own datum is the last; the others fit decisively better."""
    text = said(
        gettext_noop("The file states %(name)s, and its places say otherwise. %(comparison)s"),
        name=_label(scores[-1].candidate),
        comparison=_compared(scores[0], scores[-1]),
    )
    return Finding(Topic.PLACE, text, must=True, about="datum", options=_options(scores))


def certain(best: Score, scores: Sequence[Score], word: str) -> Finding:
    if word:
        text = gettext_noop("By the names of the columns the places are %(name)s. %(evidence)s")
        return _told(said(text, name=_label(best.candidate), evidence=evidence(best)))
    return _told(_compared(best, next(each for each in scores if each is not best)))


def datum(scores: Sequence[Score], look: Look) -> Finding:
    """Nothing states the datum; the likeliest comes first."""
    best = scores[0]
    if look is Look.PLANE:
        text = gettext_noop(
            "The eastings have no zone in front, so the central meridian has to be stated."
            " %(comparison)s"
        )
    else:
        text = gettext_noop("The file does not say which datum its places are in. %(comparison)s")
    others = [each for each in scores[1:] if best.beats(each)]
    comparison = _compared(best, others[0]) if others else evidence(best)
    options = _options(scores) + _local_options(best.candidate)
    text_said = said(text, comparison=comparison)
    return Finding(Topic.PLACE, text_said, must=True, about="datum", options=options)


def _options(scores: Sequence[Score]) -> tuple[tuple[str, Phrase], ...]:
    return tuple(
        (
            score.candidate.answer,
            said(
                gettext_noop("%(name)s: %(evidence)s"),
                name=_label(score.candidate),
                evidence=evidence(score),
            ),
        )
        for score in scores
    )


def _local_options(best: Candidate) -> tuple[tuple[str, Phrase], ...]:
    """The same ordinates in Xian 1980 and Beijing 1954, which no evidence can tell apart."""
    family, dash, rest = _NAMES_BY_CODE.get(best.datum, "").partition("-")
    if family != "cgcs2000" or best.packed:
        return ()
    text = gettext_noop("%(name)s: looks the same, some 100 m off")
    codes = [LOCAL_DATUM_NAMES[f"{local}{dash}{rest}"] for local in ("xian80", "beijing54")]
    return tuple((f"EPSG:{code}", said(text, name=label(f"EPSG:{code}"))) for code in codes)


def packed_candidates(sample: Sample, reference: str) -> list[Candidate]:
    """109.42365 may be 109°42′36.5″, where every single fraction could be minutes and seconds."""
    if sample.sexagesimal.any() or len(np.unique(sample.ordinates)) < 2 * FEWEST_PACKED:
        return []
    fits = not np.isnan(unpacked(sample.ordinates)).any()
    return [Candidate(reference, packed=True)] if fits else []


def _label(candidate: Candidate) -> Phrase:
    name = label(candidate.datum)
    if candidate.packed:
        return said(gettext_noop("%(name)s, written as degrees.minutes-seconds"), name=name)
    return name


def evidence(score: Score) -> Phrase:
    """What speaks for a reading."""
    share = _percent(score)
    if score.stated:
        text = said(
            gettext_noop("%(share)s of the places lie in their stated county."), share=share
        )
    else:
        text = said(
            gettext_noop("%(share)s of the places lie in Hunan, most in %(counties)s."),
            share=share,
            counties=_counties(score),
        )
    if score.known_m == float("inf"):
        return text
    return said(
        gettext_noop(
            "%(text)s Half of the %(count)d that are on the map already lie within %(metres)d m of"
            " it."
        ),
        text=text,
        count=len(score.metres),
        metres=round(score.known_m),
    )


def _compared(best: Score, other: Score) -> Phrase:
    return said(
        gettext_noop("Read as %(best)s: %(evidence)s Read as %(other)s: %(other_evidence)s"),
        best=_label(best.candidate),
        evidence=evidence(best),
        other=_label(other.candidate),
        other_evidence=evidence(other),
    )


def _percent(score: Score) -> str:
    return f"{score.share:.1%}"


def _counties(score: Score) -> str:
    codes = [code for code, _share in score.counties]
    names = dict(Division.objects.filter(code__in=codes).values_list("code", "name"))
    return ", ".join(names.get(code, code) for code in codes) or "-"


def _told(text: Phrase, *, about: str = "datum") -> Finding:
    return Finding(Topic.PLACE, text, about=about)
