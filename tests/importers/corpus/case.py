"""One messy file and what has to become of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from importers.proposing import Stated

FIRST = "the first option"
"""An answer: what the service holds for the likeliest."""
SITES, TOILETS, ROADS, ASSETS = "resettlement-sites", "toilets", "roads", "assets"


@dataclass(frozen=True)
class Case:
    """`open` are the topics and subjects of the questions that must be answered, all of them;
    `answers` are given by subject. `place` is where the first loaded row lies, in degrees of
    EPSG:4490; `fields` are values of it. `refused` is a part of the words of the refusal, in
    English; then nothing is loaded.
    """

    make: Callable[[Path], Path]
    layer: str = SITES
    stated: Stated = field(default_factory=Stated)
    open: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict)
    loaded: int = 1
    rejected: int = 0
    datum: str = "EPSG:4490"
    place: tuple[float, float] | None = (109.48, 28.57)
    fields: Mapping[str, Any] = field(default_factory=dict)
    refused: str = ""

    @property
    def name(self) -> str:
        return self.make.__name__
