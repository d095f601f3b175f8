"""资产标牌: the code on a feature's QR plate, and the feature behind a code.

A plate reads LETTER + number + check character, `W1234-7`: it follows from the layer and the id, so
every feature has one, none is stored, and a mistyped one is noticed. An owner's own code (资产编码)
opens the same page.
"""

import re
from dataclasses import dataclass

from layers.models.feature import Feature
from layers.registry import LAYERS
from layers.registry.specification import Layer

PATTERN = re.compile(r"^([A-Z])(\d{1,18})-?([0-9X])$")


@dataclass(frozen=True, slots=True)
class Found:
    layer: Layer
    feature: Feature


def check_character(letter: str, number: int) -> str:
    """ISO 7064 MOD 11-2 over the letter's position and the digits: 0-9 or X.

    >>> check_character("W", 1234)
    'X'
    """
    product = 0
    for digit in f"{ord(letter) - ord('A'):02d}{number}":
        product = (product + int(digit)) * 2 % 11
    return "0123456789X"[(12 - product) % 11]


def plate_of(layer: Layer, feature_id: int) -> str:
    return f"{layer.letter}{feature_id}-{check_character(layer.letter, feature_id)}"


def feature_of_code(code: str) -> Found | None:
    """The feature of a plate, or else the first layer's that has this code of its own."""
    if "\x00" in code:
        # No code has one, and PostgreSQL takes no text that does.
        return None
    cleaned = code.strip().upper()
    match = PATTERN.match(cleaned)
    if match:
        letter, number, check = match[1], int(match[2]), match[3]
        layer = next((each for each in LAYERS.values() if each.letter == letter), None)
        if layer and check_character(letter, number) == check:
            feature = layer.rows.filter(pk=number).first()
            if feature:
                return Found(layer, feature)
    for layer in LAYERS.values():
        feature = layer.rows.filter(code__in={code.strip(), cleaned}).first()
        if feature:
            return Found(layer, feature)
    return None
