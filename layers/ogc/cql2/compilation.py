"""A filter's expressions as an SQL condition: only queryable properties, every value bound.

Three-valued logic is PostgreSQL's own. In text columns the empty text is "no value"; where a
condition is not negated, `column = 'x'` says the same as `NULLIF(column, '') = 'x'`, and an index
on the column answers it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from psycopg2 import sql

from layers.ogc.cql2 import expressions as cql2
from layers.ogc.cql2 import spatial, temporal
from layers.ogc.cql2.expressions import Expression, too_deep
from layers.ogc.failures import BadFilter
from layers.ogc.properties import Property, Type, read_value
from layers.ogc.reference_systems import ReferenceSystem
from layers.ogc.values import Values


@dataclass(frozen=True, slots=True)
class Scalar:
    """An SQL expression and its type."""

    text: sql.Composable
    type: Type


@dataclass(frozen=True)
class Compiler:
    """`geometry` is the geometry's name as a queryable, `crs` the filter-crs."""

    properties: Mapping[str, Property]
    geometry: str
    crs: ReferenceSystem
    values: Values

    def condition(self, node: Expression) -> sql.Composable:
        """Raises BadFilter for unknown properties and for types that do not fit."""
        try:
            return self._boolean(node, plain=True)
        except RecursionError as error:
            raise too_deep() from error

    def _boolean(self, node: Expression, *, plain: bool) -> sql.Composable:
        """`plain`: not under a negation, so that unknown and false are the same."""
        match node:
            case cql2.Combination(operator, operands):
                parts = [self._boolean(each, plain=plain) for each in operands]
                word = sql.SQL(" AND " if operator == "and" else " OR ")
                return sql.SQL("({})").format(word.join(parts))
            case cql2.Negation(operand):
                return sql.SQL("(NOT {})").format(self._boolean(operand, plain=False))
            case cql2.Comparison():
                return self._comparison(node, plain=plain)
            case cql2.Like(operand, pattern):
                return self._like(operand, pattern, plain=plain)
            case cql2.Between(operand, low, high):
                return self._between(operand, low, high)
            case cql2.IsIn(operand, options):
                return self._is_in(operand, options, plain=plain)
            case cql2.IsNull(operand):
                return sql.SQL("({} IS NULL)").format(self._anything(operand))
            case cql2.Call(name, (left, right)) if name in cql2.SPATIAL:
                return self._spatial(name, left, right, plain=plain)
            case cql2.Call(name, (left, right)) if name in cql2.TEMPORAL:
                return temporal.condition(name, self._span(left), self._span(right))
        found = self._scalar(node)
        if found.type is not Type.BOOLEAN:
            raise _misfit()
        return found.text

    def _comparison(self, node: cql2.Comparison, *, plain: bool) -> sql.Composable:
        left, right = self._alike(node.left, node.right)
        if plain and node.operator == "=":
            left, right = (
                self._bare(node.left, left, node.right),
                self._bare(node.right, right, node.left),
            )
        return sql.SQL("({} {} {})").format(left.text, sql.SQL(node.operator), right.text)

    def _bare(self, node: Expression, compiled: Scalar, other: Expression) -> Scalar:
        """The column itself where it is compared with a text that is not empty."""
        meant = isinstance(other, cql2.Literal) and other.value != ""
        if isinstance(node, cql2.Name) and compiled.type is Type.TEXT and meant:
            return Scalar(_column(node.name), Type.TEXT)
        return compiled

    def _alike(self, left: Expression, right: Expression) -> tuple[Scalar, Scalar]:
        """Both sides as one type: a text that is compared with a moment is read as one."""
        one, two = self._scalar(left), self._scalar(right)
        if one.type.temporal and isinstance(right, cql2.Literal):
            two = self._read_as(one.type, right)
        elif two.type.temporal and isinstance(left, cql2.Literal):
            one = self._read_as(two.type, left)
        if one.type != two.type and not (one.type.numeric and two.type.numeric):
            raise _misfit()
        named = not isinstance(left, cql2.Literal) and not isinstance(right, cql2.Literal)
        if one.type is Type.TEXT and named:  # columns differ in their collations
            return _collated(one), _collated(two)
        return one, two

    def _read_as(self, wanted: Type, node: cql2.Literal) -> Scalar:
        try:
            return self._bound(read_value(wanted, str(node.value)), wanted)
        except ValueError as error:
            raise _misfit() from error

    def _like(self, operand: Expression, pattern: Expression, *, plain: bool) -> sql.Composable:
        one, two = self._scalar(operand), self._scalar(pattern)
        while isinstance(pattern, cql2.Call) and pattern.name == "casei":
            pattern = pattern.arguments[0]
        if one.type is not Type.TEXT or not isinstance(pattern, cql2.Literal):
            raise _misfit()
        if two.type is not Type.TEXT or _dangling(str(pattern.value)):
            raise _misfit()
        condition = sql.SQL("({} LIKE {})").format(one.text, two.text)
        if plain and isinstance(operand, cql2.Name):
            # The index of names leaves out the empty ones, so the condition must, too.
            column = _column(operand.name)
            return sql.SQL("({column} LIKE {pattern} AND {column} <> '')").format(
                column=column, pattern=two.text
            )
        return condition

    def _between(self, operand: Expression, low: Expression, high: Expression) -> sql.Composable:
        value, least = self._alike(operand, low)
        _value, most = self._alike(operand, high)
        if value.type in {Type.TEXT, Type.BOOLEAN}:
            raise _misfit()
        return sql.SQL("({} BETWEEN {} AND {})").format(value.text, least.text, most.text)

    def _is_in(
        self, operand: Expression, options: tuple[Expression, ...], *, plain: bool
    ) -> sql.Composable:
        pairs = [self._alike(operand, each) for each in options]
        value = pairs[0][0]
        if plain and all(isinstance(each, cql2.Literal) and each.value != "" for each in options):
            value = self._bare(operand, value, options[0])
        listed = sql.SQL(", ").join(option.text for _value, option in pairs)
        return sql.SQL("({} IN ({}))").format(value.text, listed)

    def _anything(self, node: Expression) -> sql.Composable:
        """The operand of IS NULL: any property, the geometry too."""
        if isinstance(node, cql2.Name) and node.name == self.geometry:
            return sql.SQL("feature.geom")
        if isinstance(node, cql2.Name | cql2.Literal | cql2.Call | cql2.Instant):
            if not (isinstance(node, cql2.Call) and node.name in cql2.SPATIAL | cql2.TEMPORAL):
                return self._scalar(node).text
        elif isinstance(node, cql2.Interval | cql2.Shape):
            raise _misfit()
        return self._boolean(node, plain=False)

    def _scalar(self, node: Expression) -> Scalar:
        match node:
            case cql2.Name(name):
                return self._named(name)
            case cql2.Literal(value):
                return self._literal(value)
            case cql2.Instant(value):
                return self._bound(value, temporal.type_of(value))
            case cql2.Call("casei", (argument,)):
                inner = self._scalar(argument)
                if inner.type is not Type.TEXT:
                    raise _misfit()
                # The collation of codes knows upper and lower case of ASCII only.
                return Scalar(sql.SQL('lower({} COLLATE "default")').format(inner.text), Type.TEXT)
            case cql2.Call(operator, (left, right)) if operator in cql2.ARITHMETIC:
                return self._arithmetic(operator, left, right)
            case cql2.Shape() | cql2.Interval():
                raise _misfit()
        return Scalar(self._boolean(node, plain=False), Type.BOOLEAN)

    def _named(self, name: str) -> Scalar:
        found = self.properties.get(name)
        if found is None:
            raise BadFilter(
                _("“%(name)s” is not a property to filter by.") % {"name": name[:60]},
                remedy=_("See the queryables of the collection."),
            )
        column = _column(name)
        if found.type is Type.TEXT:
            column = sql.SQL("NULLIF({}, '')").format(column)
        return Scalar(column, found.type)

    def _literal(self, value: object) -> Scalar:
        if isinstance(value, bool):
            return self._bound(value, Type.BOOLEAN)
        if isinstance(value, str):
            return self._bound(value, Type.TEXT)
        return Scalar(self.values.bind(value), Type.NUMBER)

    def _bound(self, value: object, kind: Type) -> Scalar:
        placeholder = self.values.bind(value)
        return Scalar(sql.SQL("{}::{}").format(placeholder, sql.SQL(kind)), kind)

    def _arithmetic(self, operator: str, left: Expression, right: Expression) -> Scalar:
        one, two = self._scalar(left), self._scalar(right)
        if not (one.type.numeric and two.type.numeric):
            raise _misfit()
        return Scalar(sql.SQL(_OPERATIONS[operator]).format(one.text, two.text), Type.NUMBER)

    def _span(self, node: Expression) -> temporal.Span:
        match node:
            case cql2.Interval(start, end):
                return temporal.between(self._interval_end(start), self._interval_end(end))
            case cql2.Name() | cql2.Instant():
                found = self._scalar(node)
                if found.type.temporal:
                    return temporal.Span(found.text, found.text, found.type)
        raise _misfit()

    def _interval_end(self, node: Expression | None) -> tuple[sql.Composable, Type] | None:
        if node is None:
            return None
        found = self._scalar(node)
        if not found.type.temporal:
            raise _misfit()
        return found.text, found.type

    def _spatial(
        self, name: str, left: Expression, right: Expression, *, plain: bool
    ) -> sql.Composable:
        for node in (left, right):
            if isinstance(node, cql2.Name) and node.name != self.geometry:
                raise _misfit()
            if not isinstance(node, cql2.Name | cql2.Shape):
                raise _misfit()
        shapes = tuple(
            spatial.checked(node, self.crs, name) if isinstance(node, cql2.Shape) else None
            for node in (left, right)
        )
        return spatial.condition(name, shapes, self.crs, self.values, by_index=plain)


# Numbers without a limit, but a division by zero has no value, and powers are floats: an exact
# power can take for ever.
_OPERATIONS = {
    "+": "({}::numeric + {}::numeric)",
    "-": "({}::numeric - {}::numeric)",
    "*": "({}::numeric * {}::numeric)",
    "/": "({}::numeric / NULLIF({}::numeric, 0))",
    "%": "mod({}::numeric, NULLIF({}::numeric, 0))",
    "div": "div({}::numeric, NULLIF({}::numeric, 0))",
    "^": "power({}::float8, {}::float8)::numeric",
}


def _column(name: str) -> sql.Composable:
    return sql.SQL("feature.{}").format(sql.Identifier(name))


def _collated(scalar: Scalar) -> Scalar:
    return Scalar(sql.SQL('({} COLLATE "C")').format(scalar.text), scalar.type)


def _dangling(pattern: str) -> bool:
    """Whether a pattern ends in an escape character that escapes nothing."""
    return (len(pattern) - len(pattern.rstrip("\\"))) % 2 == 1


def _misfit() -> BadFilter:
    return BadFilter(
        _("The filter compares what cannot be compared, or uses a value where it makes no sense."),
        remedy=_("See the types of the queryables of the collection."),
    )
