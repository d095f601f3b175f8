"""Reference data that the apps ship: an app registers its step in AppConfig.ready."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Contribution:
    """`load` is idempotent and returns a count; `files` are what it reads, for the digest."""

    name: str
    load: Callable[[], int]
    files: tuple[Path, ...]


_contributions: dict[str, Contribution] = {}


def contribute(name: str, load: Callable[[], int], *files: Path) -> None:
    _contributions[name] = Contribution(name, load, files)


def contributions() -> list[Contribution]:
    return [_contributions[name] for name in sorted(_contributions)]
