"""Recognising a file that comes in the shape of an earlier one, and what is remembered of that."""

import hashlib
from collections.abc import Sequence

from importers.matching.names import plain
from importers.readers.specification import Column
from layers.registry import Layer


def shape_of(layer: Layer, columns: Sequence[Column]) -> str:
    """A hex digest of a layer and of the columns' names, in any order.

    Types are left out: a column that was all numbers last year may have a text this year.
    """
    names = sorted(plain(column.name) for column in columns)
    return hashlib.sha256("\n".join([layer.name, *names]).encode()).hexdigest()
