"""What is proposed to the person who delivers a file, with its evidence and what is still open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from importers.interpretation import Interpretation
from importers.phrases import Phrase
from importers.readers.specification import SourceDescription


class Topic(StrEnum):
    """What a finding is about; the page shows it beside the control that changes it."""

    FILE = "file"
    TEXT = "text"
    PLACE = "place"
    COLUMNS = "columns"
    VALUES = "values"
    DIVISIONS = "divisions"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something noticed. `must` findings keep the run from starting until they are answered.

    `about` names the field, word or column that it concerns; `options` are answers to choose from:
    the value to set, and its text.
    """

    topic: Topic
    text: Phrase
    must: bool = False
    about: str = ""
    options: tuple[tuple[str, Phrase], ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """`unmatched` are columns that go nowhere; `samples` a few distinct values of each column."""

    description: SourceDescription
    interpretation: Interpretation
    findings: tuple[Finding, ...] = ()
    unmatched: tuple[str, ...] = ()
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def open(self) -> tuple[Finding, ...]:
        """What a person has to answer first."""
        return tuple(finding for finding in self.findings if finding.must)
