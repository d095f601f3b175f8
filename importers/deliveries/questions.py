"""Which findings still wait for an answer, and what a person's answer changes."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from importers.deliveries.corrections import Corrections
from importers.interpretation import Interpretation, PlaceReading
from importers.matching.scales import UNIT_ANSWER
from importers.matching.words import ABOUT_SEPARATOR
from importers.places import answers as places
from importers.proposal import Finding, Proposal, Topic

SAID_OF_PLACES = ("x", "y", "swapped", "packed", "accuracy_m")
"""What an answer about the place may change besides the datum."""


def mark_of(finding: Finding) -> str:
    """Recognises a finding as long as it says the same."""
    said = "\n".join([finding.topic, finding.about, finding.text.en])
    return hashlib.sha256(said.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Question:
    """A finding, its mark, and whether it is settled."""

    finding: Finding
    mark: str
    settled: bool

    @property
    def open(self) -> bool:
        return self.finding.must and not self.settled


def questions_of(proposal: Proposal, corrections: Corrections) -> list[Question]:
    """All findings, those that wait for an answer first."""
    interpretation = corrections.on(proposal.interpretation)
    found = [
        Question(each, mark_of(each), settled(each, corrections, interpretation))
        for each in proposal.findings
    ]
    return sorted(found, key=lambda each: not each.open)


def open_count(questions: Iterable[Question]) -> int:
    return sum(each.open for each in questions)


def settled(finding: Finding, corrections: Corrections, now: Interpretation) -> bool:
    """A word or name is settled when it has a code; a field when it has a column; anything when a
    person has read it and said that it is right."""
    if mark_of(finding) in corrections.confirmed:
        return True
    if finding.topic is Topic.VALUES:
        return _word_settled(finding.about, now)
    if finding.topic is Topic.DIVISIONS:
        return finding.about in now.divisions
    return finding.topic is Topic.COLUMNS and finding.about in corrections.columns


def _word_settled(about: str, now: Interpretation) -> bool:
    name, word = field_and_word(about)
    return name not in now.columns or word in now.values.get(name, {})


def field_and_word(about: str) -> tuple[str, str]:
    """What a question about a word names: "toilet_type:三格"."""
    name, _colon, word = about.partition(ABOUT_SEPARATOR)
    return name, word


def answered(
    corrections: Corrections, finding: Finding, value: str, now: PlaceReading
) -> Corrections:
    """What the corrections become when a person takes one of a finding's options; `now` is how
    places are read until then."""
    if value not in {option for option, _text in finding.options}:
        return corrections
    confirmed = tuple(dict.fromkeys([*corrections.confirmed, mark_of(finding)]))
    if finding.topic is Topic.PLACE:
        return _placed(corrections.with_(confirmed=confirmed), value, now)
    return _taken(corrections.with_(confirmed=confirmed), finding, value)


def _taken(corrections: Corrections, finding: Finding, value: str) -> Corrections:
    about = finding.about
    if finding.topic is Topic.VALUES:
        name, word = field_and_word(about)
        words = {**corrections.values.get(name, {}), word: value}
        return corrections.with_(values={**corrections.values, name: words})
    if finding.topic is Topic.DIVISIONS:
        return corrections.with_(divisions={**corrections.divisions, about: value})
    if finding.topic is Topic.COLUMNS and value.startswith(UNIT_ANSWER):
        factor = value.removeprefix(UNIT_ANSWER)
        return corrections.with_(factors={**corrections.factors, about: factor})
    if finding.topic is Topic.COLUMNS:
        return corrections.with_(columns={**corrections.columns, about: value})
    if finding.topic is Topic.KEY:
        return corrections.with_(key=tuple(filter(None, value.split(","))))
    return corrections


def _placed(corrections: Corrections, value: str, now: PlaceReading) -> Corrections:
    """A datum counts as said even where it is the one proposed."""
    after = places.answered(now, value)
    said = {
        name: getattr(after, name)
        for name in SAID_OF_PLACES
        if getattr(after, name) != getattr(now, name)
    }
    if after.datum in value.split():
        said["datum"] = after.datum
    return corrections.with_(**said)
