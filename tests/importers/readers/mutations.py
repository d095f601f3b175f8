"""Damage to files: seeded, so that what was found once is found again."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

TELLING = (0, 1, 0x7F, 0x80, 0xFF, 0x20, 0x22, 0x3C, 0x0A)
MOST_STRIKES = 4


def _flip(content: bytearray, chance: random.Random) -> None:
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _overwrite(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content))
    length = chance.choice((1, 2, 4, 8, 64))
    content[start : start + length] = bytes([chance.choice(TELLING)]) * length


def _scramble(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content))
    content[start : start + 16] = chance.randbytes(16)


def _insert(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content))
    content[start:start] = chance.randbytes(chance.choice((1, 3, 40)))


def _delete(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content))
    del content[start : start + chance.choice((1, 4, 100))]


def _repeat(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content))
    content[start:start] = content[start : start + chance.choice((2, 30, 500))] * 3


def _truncate(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


STRIKES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip,
    _overwrite,
    _scramble,
    _insert,
    _delete,
    _repeat,
    _truncate,
)


def damaged(original: Path, target: Path, chance: random.Random) -> Path:
    """A copy with some damage; of a folder or a loose Shapefile, to one of its files."""
    if original.is_dir():
        shutil.copytree(original, target)
        whole, victims = target, [each for each in target.iterdir() if each.stat().st_size]
    elif original.suffix == ".shp":
        shutil.copytree(original.parent, target)
        whole, victims = target / original.name, sorted(target.iterdir())
    else:
        target.mkdir()
        whole = Path(shutil.copy(original, target))
        victims = [whole]
    victim = chance.choice(sorted(victims))
    content = bytearray(victim.read_bytes())
    for _ in range(chance.randint(1, MOST_STRIKES)):
        if content:
            chance.choice(STRIKES)(content, chance)
    victim.write_bytes(content)
    return whole
