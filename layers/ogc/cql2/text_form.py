"""CQL2 Text, after the grammar of OGC 21-065r2, annex B: by recursive descent, of bounded depth."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from layers.ogc.cql2 import literals
from layers.ogc.cql2.expressions import (
    COMPARISONS,
    DEEPEST,
    LONGEST_FILTER,
    MOST_TERMS,
    Between,
    Call,
    Combination,
    Comparison,
    Expression,
    Instant,
    Interval,
    IsIn,
    IsNull,
    Like,
    Literal,
    Name,
    Negation,
    called,
    too_deep,
    unreadable,
)

TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:''|\\'|[^'])*')
      | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | "(?P<quoted>[^"]+)"
      | (?P<word>[^\W\d][\w.:]*|:[\w.:]+)
      | (?P<symbol><>|<=|>=|[=<>+\-*/%^(),])
    )""",
    re.VERBOSE,
)
SHAPES = frozenset(
    {
        "POINT",
        "LINESTRING",
        "POLYGON",
        "MULTIPOINT",
        "MULTILINESTRING",
        "MULTIPOLYGON",
        "GEOMETRYCOLLECTION",
    }
)
KEYWORDS = frozenset(
    {"AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE", "DIV"}
)
DEEPEST_WKT = 6


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is the group of TOKEN; `value` its text, `upper` for keywords and symbols."""

    kind: str
    value: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        return self.value.upper() if self.kind in {"word", "symbol"} else ""


END = Token("end", "", 0, 0)


def read_text(source: str) -> Expression:
    """Raises BadFilter with the place where reading failed."""
    if len(source) > LONGEST_FILTER:
        raise too_deep()
    parser = Parser(source, _tokens(source))
    found = parser.boolean()
    if parser.peek() is not END:
        raise unreadable(source[parser.peek().start :])
    return found


def _tokens(source: str) -> list[Token]:
    tokens: list[Token] = []
    end = len(source.rstrip())
    place = 0
    while place < end:
        match = TOKEN.match(source, place)
        if match is None or match.lastgroup is None:
            raise unreadable(source[place:])
        kind = match.lastgroup
        tokens.append(Token(kind, match[kind], match.start(kind), match.end()))
        place = match.end()
    if len(tokens) > MOST_TERMS * 10:
        raise too_deep()
    return tokens


@dataclass
class Parser:
    source: str
    tokens: list[Token]
    place: int = 0
    depth: int = 0
    # What a word with an opening parenthesis begins, besides functions and shapes.
    forms: dict[str, Callable[[], Expression]] = field(init=False)

    def __post_init__(self) -> None:
        self.forms = {
            "DATE": lambda: literals.day(self._quoted()),
            "TIMESTAMP": lambda: literals.timestamp(self._quoted()),
            "INTERVAL": self._interval,
            "BBOX": self._box,
        }

    def peek(self, ahead: int = 0) -> Token:
        index = self.place + ahead
        return self.tokens[index] if index < len(self.tokens) else END

    def take(self) -> Token:
        token = self.peek()
        self.place += 1
        return token

    def accept(self, *words: str) -> bool:
        """Take these words if they come next, all of them."""
        if all(self.peek(ahead).upper == word for ahead, word in enumerate(words)):
            self.place += len(words)
            return True
        return False

    def expect(self, word: str) -> None:
        if not self.accept(word):
            raise unreadable(self.source[self.peek().start :] if self.peek() is not END else "")

    def boolean(self) -> Expression:
        """booleanExpression: OR binds weakest."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise too_deep()
        found = self._combined("OR", lambda: self._combined("AND", self._factor))
        self.depth -= 1
        return found

    def _combined(self, word: str, part: Callable[[], Expression]) -> Expression:
        parts = [part()]
        while self.accept(word):
            parts.append(part())
        if len(parts) > MOST_TERMS:
            raise too_deep()
        return parts[0] if len(parts) == 1 else Combination(word.lower(), tuple(parts))

    def _factor(self) -> Expression:
        return Negation(self._predicate()) if self.accept("NOT") else self._predicate()

    def _predicate(self) -> Expression:
        left = self._sum()
        if self.peek().upper in COMPARISONS:
            operator = self.take().value
            return Comparison(operator, left, self._sum())
        if self.accept("IS", "NOT", "NULL"):
            return Negation(IsNull(left))
        if self.accept("IS", "NULL"):
            return IsNull(left)
        if self.accept("NOT"):
            found = self._ranged(left)
            if found is None:
                raise unreadable(self.source[self.peek().start :])
            return Negation(found)
        return self._ranged(left) or left

    def _ranged(self, left: Expression) -> Expression | None:
        if self.accept("LIKE"):
            return Like(left, self._primary())
        if self.accept("BETWEEN"):
            low = self._sum()
            self.expect("AND")
            return Between(left, low, self._sum())
        if self.accept("IN"):
            self.expect("(")
            return IsIn(left, self._list(self._sum))
        return None

    def _list(self, part: Callable[[], Expression]) -> tuple[Expression, ...]:
        """What stands between an opening parenthesis, taken already, and the closing one."""
        parts = [part()]
        while self.accept(","):
            parts.append(part())
        self.expect(")")
        if len(parts) > MOST_TERMS:
            raise too_deep()
        return tuple(parts)

    def _sum(self) -> Expression:
        return self._chain(("+", "-"), lambda: self._chain(("*", "/", "%", "DIV"), self._power))

    def _chain(self, operators: tuple[str, ...], part: Callable[[], Expression]) -> Expression:
        found = part()
        count = 0
        while self.peek().upper in operators:
            count += 1
            if count > DEEPEST:
                raise too_deep()
            found = Call(self.take().value.lower(), (found, part()))
        return found

    def _power(self) -> Expression:
        base = self._signed()
        return Call("^", (base, self._signed())) if self.accept("^") else base

    def _signed(self) -> Expression:
        if self.accept("-"):
            if self.peek().kind == "number":
                return literals.number("-" + self.take().value)
            return Call("-", (Literal(0), self._primary()))
        self.accept("+")
        return self._primary()

    def _primary(self) -> Expression:
        token = self.take()
        if token.kind == "text":
            return literals.text(_unquoted(token))
        if token.kind == "number":
            return literals.number(token.value)
        if token.kind == "quoted":
            return Name(token.value)
        if token.upper == "(":
            found = self.boolean()
            self.expect(")")
            return found
        if token.kind == "word":
            return self._word(token)
        raise unreadable(self.source[token.start :] if token is not END else "")

    def _word(self, token: Token) -> Expression:
        word = token.upper
        if word in SHAPES and (self.peek().value == "(" or self.peek(1).value == "("):
            return self._shape(token)
        if self.peek().value == "(" and word not in KEYWORDS:
            self.place += 1
            if word in self.forms:
                return self.forms[word]()
            return called(word.lower(), self._list(self.boolean))
        if word in {"TRUE", "FALSE"}:
            return Literal(word == "TRUE")
        if word in KEYWORDS:
            raise unreadable(self.source[token.start :])
        return Name(token.value)

    def _quoted(self) -> str:
        token = self.take()
        if token.kind != "text":
            raise unreadable(self.source[token.start :])
        self.expect(")")
        return _unquoted(token)

    def _interval(self) -> Interval:
        start = self._interval_end()
        self.expect(",")
        end = self._interval_end()
        self.expect(")")
        return Interval(start, end)

    def _interval_end(self) -> Instant | Name | None:
        token = self.take()
        if token.kind == "text":
            return literals.interval_end(_unquoted(token))
        if token.kind in {"word", "quoted"} and token.upper not in KEYWORDS:
            return Name(token.value)
        raise unreadable(self.source[token.start :])

    def _box(self) -> Expression:
        ordinates = []
        for part in self._list(self._signed):
            if not isinstance(part, Literal) or isinstance(part.value, str | bool):
                raise unreadable("BBOX")
            ordinates.append(float(part.value))
        return literals.geometry_of_box(ordinates)

    def _shape(self, token: Token) -> Expression:
        """The well-known text up to its closing parenthesis."""
        depth = 0
        while (each := self.take()) is not END:
            depth += {"(": 1, ")": -1}.get(each.value if each.kind == "symbol" else "", 0)
            if depth > DEEPEST_WKT:
                raise too_deep()
            if depth == 0 and each.value == ")":
                return literals.geometry_of_wkt(self.source[token.start : each.end])
        raise unreadable(self.source[token.start :])


def _unquoted(token: Token) -> str:
    """Both escapes of a quote, doubled and after a backslash, stand for one."""
    return re.sub(r"''|\\'", "'", token.value[1:-1])
