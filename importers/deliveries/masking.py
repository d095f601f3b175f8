"""Hiding persons in what a page shows of a file: by the field a column fills, by its name, by form.

The file itself is whole in its folder; nothing here changes what is loaded.
"""

import re
from collections.abc import Iterable

from importers.interpretation import Interpretation
from importers.matching.names import plain
from layers.access.personal import MASK
from layers.registry import LAYERS, Layer

_ID_NUMBER = re.compile(r"(?<!\d)\d{6}(?:18|19|20)\d{9}[\dXx](?!\d)|(?<!\d)\d{15}(?!\d)")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_NAMES = {
    plain(name)
    for layer in LAYERS.values()
    for field in layer.personal_fields()
    for name in (field.name, field.label.zh, field.label.en, *field.aliases)
}


def personal_columns(
    layer: Layer, interpretation: Interpretation, columns: Iterable[str]
) -> frozenset[str]:
    """Columns that fill a personal field, or are called like one."""
    personal = {field.name for field in layer.personal_fields()}
    filling = {choice.column for name, choice in interpretation.columns.items() if name in personal}
    return frozenset(each for each in columns if each in filling or _named_so(each))


def _named_so(column: str) -> bool:
    name = plain(column)
    return any(known in name for known in _NAMES if len(known) > 1)


def masked(text: str) -> str:
    """Numbers of identity cards and mobile phones hidden, wherever they stand.

    >>> masked("电话13987650000")
    '电话＊＊＊'
    """
    return _PHONE.sub(MASK, _ID_NUMBER.sub(MASK, text))
