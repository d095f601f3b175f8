"""Columns that need no look at each value: plain text, whole numbers, decimals with few places.

A quick reading may leave any row to the slow one, and never reads one differently: tests hold both
against each other.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from importers.matching.damage import EXPONENT, IDENTIFIERS
from importers.matching.readings import SPREADSHEET_ERRORS
from layers.registry import Field, Kind, Layer

BLANKS = "".join(chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace())
"""What str.strip takes away."""
EXACT_DOUBLE = 2**53
SURELY_ROUNDED = 1e9
NEAR_THE_MIDDLE = 1e-5
MOST_DIGITS = 38
"""Of Arrow's decimals."""


class Quick(Protocol):
    def accepts(self, kind: pa.DataType) -> bool: ...

    def read(self, cells: pa.Array) -> tuple[pa.Array, pa.Array]:
        """The texts, and which rows were read; the others are nobody's yet."""


def quick_reading(layer: Layer, field: Field, factor: Decimal | None) -> Quick | None:
    """None where every distinct value wants its own look."""
    kind = layer.kind(field)
    if kind is Kind.TEXT:
        return PlainText(layer.column(field.name).max_length or 0, field)
    plain_factor = factor in (None, 1)
    if kind is Kind.DECIMAL or (kind in (Kind.INTEGER, Kind.YEAR) and plain_factor):
        return PlainNumbers.of(layer, field, kind, None if plain_factor else factor)
    return None


@dataclass(frozen=True, slots=True)
class PlainText:
    """Text that is short enough and has no null character; empty cells stay empty text."""

    longest: int
    field: Field

    def accepts(self, kind: pa.DataType) -> bool:
        return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))

    def read(self, cells: pa.Array) -> tuple[pa.Array, pa.Array]:
        texts = pc.utf8_trim(cells.cast(pa.string()), BLANKS)
        lengths = pc.utf8_length(texts)
        read = pc.and_(pc.greater(lengths, 0), pc.less_equal(lengths, self.longest or 0))
        read = pc.and_not(read, pc.match_substring(texts, "\x00"))
        errors = pa.array(sorted(SPREADSHEET_ERRORS))
        marked = pc.starts_with(texts, "#")
        if pc.any(marked).as_py():
            read = pc.and_not(read, pc.is_in(pc.utf8_lower(texts), errors))
        if self.field.name in IDENTIFIERS:
            read = pc.and_not(read, pc.match_substring_regex(texts, EXPONENT))
        read = pc.fill_null(read, False)
        if not self.field.required:
            empty = pc.fill_null(pc.equal(lengths, 0), True)
            texts = pc.if_else(empty, "", texts)
            read = pc.or_(read, empty)
        return texts, read


@dataclass(frozen=True, slots=True)
class PlainNumbers:
    """Numbers within the field's range, rounded to its places unless that is a close decision."""

    digits: int
    places: int
    least: Decimal
    most: Decimal
    required: bool
    factor: Decimal | None = None

    @classmethod
    def of(
        cls, layer: Layer, field: Field, kind: Kind, factor: Decimal | None
    ) -> "PlainNumbers | None":
        """None where the model says no range that a number could be held against."""
        column = layer.column(field.name)
        if kind is Kind.DECIMAL:
            if not getattr(column, "max_digits", None):
                return None
            digits, places = column.max_digits, column.decimal_places
            most = Decimal(10) ** (digits - places) - 1
            least = -most
        else:
            # As IntegerField.validators: what the database's column can hold.
            digits, places = len(str(EXACT_DOUBLE)), 0
            least, most = _range_of(column)
        least = max(least, field.minimum) if field.minimum is not None else least
        most = min(most, field.maximum) if field.maximum is not None else most
        return cls(digits, places, least, most, field.required, factor)

    def accepts(self, kind: pa.DataType) -> bool:
        return bool(
            pa.types.is_integer(kind) or pa.types.is_float64(kind) or pa.types.is_string(kind)
        )

    def read(self, cells: pa.Array) -> tuple[pa.Array, pa.Array]:
        if pa.types.is_string(cells.type):
            numbers, read = self._written(cells)
        elif self.places:
            numbers, read = self._rounded(cells.cast(pa.float64(), safe=False))
        else:
            numbers, read = self._counted(cells)
        read = pc.and_(read, self._within(numbers))
        kept = pc.if_else(read, numbers, None)
        decimals = kept.cast(pa.decimal128(MOST_DIGITS, self.places), safe=False)
        texts = decimals.cast(pa.string())
        read = pc.fill_null(read, False)
        if not self.required:
            read = pc.or_(read, cells.is_null())
        return texts, read

    def _within(self, numbers: pa.Array) -> pa.Array:
        least, most = (pa.scalar(float(each)) for each in (self.least, self.most))
        values = numbers.cast(pa.float64())
        return pc.and_(pc.greater_equal(values, least), pc.less_equal(values, most))

    def _counted(self, cells: pa.Array) -> tuple[pa.Array, pa.Array]:
        """Whole numbers only: what becomes of others is not for here to say."""
        doubles = cells.cast(pa.float64(), safe=False)
        small = pc.less(pc.abs(doubles), EXACT_DOUBLE)
        numbers = pc.if_else(small, cells, None)
        return numbers, pc.equal(pc.round(doubles), doubles)

    def _rounded(self, doubles: pa.Array) -> tuple[pa.Array, pa.Array]:
        """0.545 is 0.54 in decimals and 0.55 in binary: what is near the middle is left out.

        Below SURELY_ROUNDED a product's error is far smaller than NEAR_THE_MIDDLE.
        """
        steps = pc.multiply(doubles, float((self.factor or 1) * 10**self.places))
        nearest = pc.round(pc.if_else(pc.less(pc.abs(steps), SURELY_ROUNDED), steps, None))
        off = pc.abs(pc.subtract(steps, nearest))
        return pc.divide(nearest, float(10**self.places)), pc.less(off, 0.5 - NEAR_THE_MIDDLE)

    def _written(self, cells: pa.Array) -> tuple[pa.Array, pa.Array]:
        whole = max(1, min(self.digits - self.places, 15))
        pattern = rf"^-?[0-9]{{1,{whole}}}"
        if self.places:
            pattern += rf"(\.[0-9]{{1,{self.places}}})?"
        read = pc.match_substring_regex(cells, pattern + "$")
        kept = pc.if_else(read, cells, None)
        if self.factor is not None:
            return self._rounded(kept.cast(pa.float64()))
        return kept.cast(pa.decimal128(MOST_DIGITS, self.places)), read


def _range_of(column: Any) -> tuple[Decimal, Decimal]:
    limits: Sequence[Any] = [each.limit_value for each in column.validators]
    least = min((Decimal(each) for each in limits if each is not None), default=Decimal(0))
    most = max((Decimal(each) for each in limits if each is not None), default=Decimal(0))
    return least, most
