"""Routes: sections in a row under one code, with running stakes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SECTIONS_A_ROUTE = 6
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Routes:
    """Per section: its route, its number in the route from 1, and where on the route it begins."""

    route: NDArray[np.int64]
    section: NDArray[np.int64]
    start_m: NDArray[np.float64]


def routed(
    edges: list[tuple[int, int]], letters: list[str], lengths: NDArray[np.float64]
) -> Routes:
    """A section continues the route that ends where it begins, if that is of its letter.

    Of several that begin there, the first does; the others begin a route of their own.
    """
    tails: dict[tuple[int, str], int] = {}
    route: list[int] = []
    section: list[int] = []
    start_m: list[float] = []
    routes = 0
    for index, ((start, end), letter) in enumerate(zip(edges, letters, strict=True)):
        before = tails.pop((start, letter), None)
        if before is None or section[before] >= SECTIONS_A_ROUTE:
            route.append(routes)
            section.append(1)
            start_m.append(0.0)
            routes += 1
        else:
            route.append(route[before])
            section.append(section[before] + 1)
            start_m.append(start_m[before] + float(lengths[before]))
        tails[end, letter] = index
    return Routes(np.array(route), np.array(section), np.array(start_m))


def route_codes(county: str, letters: list[str], route: NDArray[np.int64]) -> list[str]:
    """路线编码 of each section: letter, three characters, six digits of the county.

    Routes are counted by letter: 001 to 999, then A00 to ZZZ in base 36.
    """
    numbers: dict[int, int] = {}
    counts: dict[str, int] = {}
    codes = []
    for letter, index in zip(letters, route.tolist(), strict=True):
        if index not in numbers:
            counts[letter] = counts.get(letter, 0) + 1
            numbers[index] = counts[letter]
        codes.append(f"{letter}{three_characters(numbers[index])}{county}")
    return codes


def three_characters(number: int) -> str:
    """
    >>> three_characters(7), three_characters(999), three_characters(1000), three_characters(1036)
    ('007', '999', 'A00', 'A10')
    """
    if number <= 999:
        return f"{number:03}"
    rest = number - 1000 + 10 * 36 * 36
    if rest >= 36**3:
        raise ValueError(f"route number {number} does not fit in three characters")
    return DIGITS[rest // 1296] + DIGITS[rest // 36 % 36] + DIGITS[rest % 36]
