"""What columns are called where a format does not take every name."""

import re
from collections.abc import Callable, Sequence

from importers.writers.specification import Column

_NOT_IN_NAMES = re.compile(r"[^\w]+")


def headers(columns: Sequence[Column]) -> list[str]:
    """Labels with their units: 里程（米）."""
    return [column.header for column in columns]


def plain_names(columns: Sequence[Column]) -> list[str]:
    """Labels of letters, digits and underscores alone, for formats that launder the rest."""
    return told_apart([_NOT_IN_NAMES.sub("_", column.label).strip("_") for column in columns])


def cut_names(columns: Sequence[Column], *, most: int, encoding: str) -> list[str]:
    """Labels that take at most so many bytes, cut between characters, each once.

    安置点名称及编码 becomes 安置点名称 in ten bytes of GBK. What a label cannot be told apart by
    is told by a digit at its end.
    """
    labels = [_NOT_IN_NAMES.sub("_", column.label).strip("_") for column in columns]
    return told_apart(labels, lambda name, room: cut(name, most - room, encoding))


def cut(text: str, most: int, encoding: str) -> str:
    """As much of a text as takes at most so many bytes, whole characters only."""
    return text.encode(encoding, "replace")[:most].decode(encoding, "ignore")


def told_apart(
    names: Sequence[str], shortened: Callable[[str, int], str] = lambda name, _room: name
) -> list[str]:
    """Each name once, without regard to case; `shortened` leaves room for so many bytes."""
    taken: list[str] = []
    for name in names:
        found, number = shortened(name, 0), 1
        while found.lower() in {each.lower() for each in taken} or not found:
            number += 1
            ending = f"_{number}"
            found = shortened(name, len(ending)) + ending
        taken.append(found)
    return taken
