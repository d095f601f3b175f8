"""What a verification finds wrong: which check, where, and what."""

from dataclasses import dataclass
from enum import StrEnum


class Check(StrEnum):
    """What is verified; the name stands before each finding."""

    GUARDS = "guards"
    CHAIN = "chain"
    ANCHOR = "anchor"
    ENTRIES = "entries"
    VERSIONS = "versions"
    ROWS = "rows"
    LOADS = "loads"
    VALUES = "values"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `place` names it so that it can be looked up."""

    check: Check
    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.check}: {self.place}: {self.problem}"
