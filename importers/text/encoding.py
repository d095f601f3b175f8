"""An encoding as it was found: its codec, why it was taken, and how much of the text is in it."""

from dataclasses import dataclass
from typing import Any

from importers.phrases import gettext_noop

CARRIER = "ISO-8859-1"
"""What OGR is told: under it every byte survives as one character, and we decode strictly. OGR's
own decoding would replace what it cannot read, and depends on the platform's iconv."""
CHINESE_WINDOWS = "gb18030"
"""A superset of GBK (code page 936) and GB 2312."""
TRADITIONAL_WINDOWS = "cp950"
"""Big5 as Windows writes it."""
_SPOKEN = {CHINESE_WINDOWS: "GB18030", TRADITIONAL_WINDOWS: "Big5", "utf-8": "UTF-8"}

Note = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec name, and an English text saying why it was taken.

    `refuted` is what the file itself named, where the text is not in that. `utf8` and `other` count
    the values looked at that can only be UTF-8, and those that cannot be.
    """

    name: str
    why: str
    refuted: str = ""
    utf8: int = 0
    other: int = 0
    other_name: str = CHINESE_WINDOWS

    @property
    def title(self) -> str:
        """As people write it: UTF-8, GB18030, Big5."""
        return _SPOKEN.get(self.name, self.name.upper())

    @property
    def fallback(self) -> str:
        """The codec of values that are not UTF-8."""
        return self.other_name if self.name == "utf-8" else self.name

    @property
    def mixed(self) -> bool:
        return bool(self.utf8 and self.other)

    def notes(self) -> tuple[Note, ...]:
        """What a person should know about it, for the report: English texts with parameters."""
        found: list[Note] = []
        if self.refuted:
            found.append(
                (
                    gettext_noop("The .cpg says “%(named)s”; the text is not."),
                    {"named": self.refuted},
                )
            )
        if self.mixed:
            found.append(
                (
                    gettext_noop(
                        "The text is in two encodings: of the values looked at, %(utf8)d are UTF-8"
                        " and %(other)d %(name)s. Each is read as what it is."
                    ),
                    {
                        "utf8": self.utf8,
                        "other": self.other,
                        "name": _SPOKEN.get(self.fallback, self.fallback.upper()),
                    },
                )
            )
        if self.fallback == TRADITIONAL_WINDOWS and self.other:
            found.append(
                (
                    gettext_noop(
                        "The text was read as Big5 (traditional Chinese) for its common characters:"
                        " look at a few names."
                    ),
                    {},
                )
            )
        return tuple(found)


UTF8 = Encoding("utf-8", gettext_noop("UTF-8 by definition of the format"))
"""What most formats are; a value that is not is still read as what it is."""
