"""Which findings still wait for an answer, and what a person's answer changes."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from importers.deliveries.corrections import Corrections
from importers.deliveries.understanding import SWAP
from importers.interpretation import Interpretation
from importers.proposal import Finding, Proposal, Topic


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
    if finding.topic is Topic.COLUMNS:
        return finding.about in now.columns or finding.about in corrections.columns.values()
    return False


def _word_settled(about: str, now: Interpretation) -> bool:
    name, _equals, word = about.partition("=")
    if name not in now.columns:
        return True
    return word in now.values.get(name, {}) if word else False


def answered(corrections: Corrections, finding: Finding, value: str) -> Corrections:
    """What the corrections become when a person takes one of a finding's options."""
    confirmed = (*(each for each in corrections.confirmed if each != mark_of(finding)),)
    if value:
        confirmed = (*confirmed, mark_of(finding))
    corrections = corrections.with_(confirmed=confirmed)
    if not value or value not in {option for option, _text in finding.options}:
        return corrections
    if finding.topic is Topic.PLACE:
        if value == SWAP:
            return corrections.with_(swapped=not corrections.swapped)
        return corrections.with_(datum=value)
    if finding.topic is Topic.VALUES:
        name, _equals, word = finding.about.partition("=")
        words = {**corrections.values.get(name, {}), word: value}
        return corrections.with_(values={**corrections.values, name: words})
    if finding.topic is Topic.DIVISIONS:
        return corrections.with_(divisions={**corrections.divisions, finding.about: value})
    if finding.topic is Topic.COLUMNS:
        return corrections.with_(columns={**corrections.columns, finding.about: value})
    if finding.topic is Topic.KEY:
        return corrections.with_(key=tuple(value.split(",")))
    return corrections
