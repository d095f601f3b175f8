"""What is asked for, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from importers.phrases import Phrase
from importers.writers.catalogue import Format
from layers.errors import Conflict
from layers.registry import Layer
from layers.registry.specification import Field

LANGUAGES = {"zh": "zh-hans", "en": "en"}
"""The languages of headers and labels, and Django's names of them."""


@dataclass(frozen=True, slots=True)
class Wish:
    """`fields` are names of the registry, None for all; the code and the division are always there.

    `division` "" means all that the reader may see. `personal` asks for the householders' data in
    the clear, with `reason`. `provenance` adds where each place is from. `at` is a past moment.
    """

    layer: Layer
    format: Format
    datum: str = "EPSG:4490"
    language: str = "zh"
    division: str = ""
    fields: Sequence[str] | None = None
    personal: bool = False
    reason: str = ""
    provenance: bool = False
    at: datetime | None = None

    def chosen_fields(self) -> list[Field]:
        """In the registry's order; personal ones only where they are asked for."""
        return [
            each
            for each in self.layer.fields
            if (self.personal if each.personal else True)
            and (self.fields is None or each.name in {*self.fields, *ALWAYS})
        ]


ALWAYS = ("code", "division")
"""Without them a row that comes back corrected would not be recognised."""


@dataclass(slots=True)
class ExportReport:
    """`total` is how many rows there were when it began, `rows` how many are written by now.

    `unmasked` are the records whose personal data are in the file, each in the journal. `prefixes`
    are the divisions that rows were taken from.
    """

    total: int = 0
    rows: int = 0
    unmasked: int = 0
    demonstration: int = 0
    size: int = 0
    prefixes: tuple[str, ...] = ()
    notes: list[Phrase] = field(default_factory=list)


Progress = Callable[[ExportReport], None]
Cancelled = Callable[[], bool]


class ExportCancelled(Conflict):
    code = "export-cancelled"
