"""The head of the chain: a position and a hash. Written down elsewhere, it vouches for the past."""

import re
from dataclasses import dataclass

from layers.models.chain import ChainLink

GENESIS = bytes(32)
"""What stands before the first link."""

_TEXT = re.compile(r"(?P<position>\d{1,18}):(?P<hash>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Head:
    """`position` links, the last of which has `hash`."""

    position: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.position}:{self.hash.hex()}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Raises ValueError unless the text is POSITION:HASH."""
        found = _TEXT.fullmatch(text.strip().lower())
        if found is None:
            raise ValueError(f"{text!r} is not POSITION:HASH, as verify_journal prints it")
        return cls(int(found["position"]), bytes.fromhex(found["hash"]))


EMPTY = Head(0, GENESIS)


def current_head() -> Head:
    """The head as the database has it, without verifying anything."""
    link = ChainLink.objects.order_by("-position").first()
    return Head(link.position, bytes(link.hash)) if link else EMPTY
