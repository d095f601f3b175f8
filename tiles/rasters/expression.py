"""Band maths as users write it: a small grammar, read by hand, computed by numpy.

    sum     = product { ("+" | "-") product }
    product = factor { ("*" | "/") factor }
    factor  = "-" factor | number | band | function "(" sum { "," sum } ")" | "(" sum ")"
    band    = "b" and its number, from b1

There is no power, no comparison, no name but bands and functions: nothing can be reached, and
nothing grows beyond the size of a tile.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from layers.errors import BadRequest

MOST_CHARACTERS = 200
MOST_DEPTH = 16

Values = NDArray[np.float64]
Bands = Mapping[int, Values]
Compute = Callable[[Bands], Any]

_TOKEN = re.compile(
    r"\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?)|([a-z]+\d*)|([-+*/(),]))", re.ASCII
)
_BAND = re.compile(r"b([1-9]\d?)", re.ASCII)

FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "abs": (1, np.abs),
    "sqrt": (1, np.sqrt),
    "log": (1, np.log),
    "min": (2, np.minimum),
    "max": (2, np.maximum),
}
"""How many values each takes."""
OPERATORS: dict[str, Callable[..., Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}


@dataclass(frozen=True, slots=True)
class Expression:
    """`text` without its spaces, the numbers of the bands it needs, and what computes it."""

    text: str
    bands: tuple[int, ...]
    compute: Compute

    @property
    def single_band(self) -> int | None:
        """The band, where the expression is nothing but its name."""
        return self.bands[0] if self.text == f"b{self.bands[0]}" else None

    def values(self, bands: Bands) -> Values:
        """Of the size of the bands; what cannot be computed (1/0) is no finite number."""
        with np.errstate(all="ignore"):
            found: Values = np.asarray(self.compute(bands), dtype=np.float64)
        return found


def band(number: int) -> Expression:
    return Expression(f"b{number}", (number,), lambda bands: bands[number])


def read_expression(text: str, band_count: int) -> Expression:
    """Raises BadRequest and says where."""
    if len(text) > MOST_CHARACTERS:
        raise _wrong(_("It is longer than %(most)d characters.") % {"most": MOST_CHARACTERS})
    parser = _Parser(text, band_count)
    compute = parser.sum(0)
    if parser.token:
        raise _wrong(_("“%(part)s” is not expected there.") % {"part": parser.token})
    if not parser.bands:
        raise _wrong(_("It names no band."))
    return Expression("".join(parser.read), tuple(sorted(parser.bands)), compute)


def _wrong(reason: str) -> BadRequest:
    return BadRequest(
        _("The expression cannot be used. %(reason)s") % {"reason": reason},
        remedy=_(
            "Write numbers, bands b1, b2, …, + - * / ( ), abs, sqrt, log, min and max,"
            " for example (b4-b3)/(b4+b3)."
        ),
    )


class _Parser:
    """Recursive descent; `token` is the one to look at, "" at the end."""

    def __init__(self, text: str, band_count: int) -> None:
        self.band_count = band_count
        self.bands: set[int] = set()
        self.read: list[str] = []
        self._tokens = _tokens(text)
        self.token = next(self._tokens)

    def sum(self, depth: int) -> Compute:
        return self._chain(("+", "-"), self._product, depth)

    def _product(self, depth: int) -> Compute:
        return self._chain(("*", "/"), self._factor, depth)

    def _chain(self, signs: tuple[str, ...], part: Callable[[int], Compute], depth: int) -> Compute:
        """Parts between signs of one rank, taken from the left."""
        first = part(depth)
        rest: list[tuple[Callable[..., Any], Compute]] = []
        while self.token in signs:
            operator = OPERATORS[self._next()]
            rest.append((operator, part(depth)))
        if not rest:
            return first

        def compute(bands: Bands) -> Any:
            value = first(bands)
            for operator, operand in rest:
                value = operator(value, operand(bands))
            return value

        return compute

    def _factor(self, depth: int) -> Compute:
        if depth >= MOST_DEPTH:
            raise _wrong(_("It is nested more than %(most)d deep.") % {"most": MOST_DEPTH})
        token = self._next()
        if token == "-":  # noqa: S105 - a sign
            operand = self._factor(depth + 1)
            return lambda bands: np.negative(operand(bands))
        if token == "(":  # noqa: S105 - a bracket
            inner = self.sum(depth + 1)
            self._expect(")")
            return inner
        if token[:1].isdigit():
            number = float(token)
            return lambda _bands: np.float64(number)
        if token in FUNCTIONS:
            return self._function(token, depth)
        return self._band(token)

    def _function(self, name: str, depth: int) -> Compute:
        count, function = FUNCTIONS[name]
        self._expect("(")
        operands = [self.sum(depth + 1)]
        for _position in range(1, count):
            self._expect(",")
            operands.append(self.sum(depth + 1))
        self._expect(")")
        return lambda bands: function(*(each(bands) for each in operands))

    def _band(self, token: str) -> Compute:
        found = _BAND.fullmatch(token)
        if not found:
            raise _wrong(_("“%(part)s” is not expected there.") % {"part": token or ")"})
        number = int(found[1])
        if number > self.band_count:
            raise _wrong(
                _("The raster has %(count)d bands, and no %(part)s.")
                % {"count": self.band_count, "part": token}
            )
        self.bands.add(number)
        return lambda bands: bands[number]

    def _expect(self, wanted: str) -> None:
        if self.token != wanted:
            raise _wrong(_("A “%(part)s” is missing.") % {"part": wanted})
        self._next()

    def _next(self) -> str:
        token = self.token
        if not token:
            raise _wrong(_("It ends in its middle."))
        self.read.append(token)
        self.token = next(self._tokens)
        return token


def _tokens(text: str) -> Iterator[str]:
    """One after the other, then "" for ever."""
    place = 0
    text = text.rstrip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if not found:
            part = text[place:].strip()[:1]
            raise _wrong(_("“%(part)s” is not expected there.") % {"part": part})
        yield found[found.lastindex or 0]
        place = found.end()
    while True:
        yield ""
