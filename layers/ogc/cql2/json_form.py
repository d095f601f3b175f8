"""CQL2 JSON, after the schema of OGC 21-065r2."""

import json
from decimal import Decimal
from typing import Any

from layers.ogc.cql2 import literals
from layers.ogc.cql2.expressions import (
    ARITHMETIC,
    COMPARISONS,
    DEEPEST,
    LONGEST_FILTER,
    MOST_TERMS,
    Between,
    Call,
    Combination,
    Comparison,
    Expression,
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


def read_json(source: str) -> Expression:
    """Raises BadFilter for what is not JSON, not CQL2 or nested too deeply."""
    if len(source) > LONGEST_FILTER:
        raise too_deep()
    try:
        content = json.loads(source, parse_float=Decimal, parse_constant=_no_constant)
    except RecursionError as error:
        raise too_deep() from error
    except ValueError as error:
        raise unreadable() from error
    return _expression(content, 0)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _expression(node: Any, depth: int) -> Expression:
    if depth > DEEPEST:
        raise too_deep()
    if isinstance(node, bool):
        return Literal(node)
    if isinstance(node, str):
        return literals.text(node)
    if isinstance(node, int | Decimal):
        return literals.number(node)
    if isinstance(node, dict):
        return _operation(node, depth) if "op" in node else _instance(node)
    raise unreadable(str(node))


def _instance(node: dict[str, Any]) -> Expression:
    match node:
        case {"property": str(name)}:
            return Name(name)
        case {"date": str(value)}:
            return literals.day(value)
        case {"timestamp": str(value)}:
            return literals.timestamp(value)
        case {"interval": [start, end]}:
            return Interval(_interval_end(start), _interval_end(end))
        case {"bbox": list(ordinates)}:
            return literals.geometry_of_box([_ordinate(each) for each in ordinates])
        case {"type": str(), "coordinates": list()} | {"type": str(), "geometries": list()}:
            return literals.geometry_of_geojson(_plain(node, 0))
    raise unreadable(str(node))


def _interval_end(node: Any) -> Expression | None:
    if isinstance(node, str):
        return literals.interval_end(node)
    if isinstance(node, dict):
        return _instance(node)
    raise unreadable(str(node))


def _ordinate(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise unreadable(str(value))
    return float(str(value))


def _plain(node: Any, depth: int) -> Any:
    """GeoJSON with floats where the reader of JSON made decimals; of bounded depth."""
    if depth > DEEPEST:
        raise too_deep()
    if isinstance(node, dict):
        return {key: _plain(value, depth + 1) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value, depth + 1) for value in node]
    return node if isinstance(node, str) else _ordinate(node)


def _operation(node: dict[str, Any], depth: int) -> Expression:
    operator, args = node["op"], node.get("args")
    if not isinstance(operator, str) or not isinstance(args, list) or not args:
        raise unreadable(str(node))
    if len(args) > MOST_TERMS:
        raise too_deep()
    if operator == "in":
        return _is_in(args, depth)
    parts = tuple(_expression(each, depth + 1) for each in args)
    match operator, parts:
        case (("and" | "or"), (_first, _second, *_others)):
            return Combination(operator, parts)
        case "not", (operand,):
            return Negation(operand)
        case "isNull", (operand,):
            return IsNull(operand)
        case "like", (operand, pattern):
            return Like(operand, pattern)
        case "between", (operand, low, high):
            return Between(operand, low, high)
        case _, (left, right) if operator in COMPARISONS:
            return Comparison(operator, left, right)
        case _, (_left, _right) if operator in ARITHMETIC:
            return Call(operator, parts)
    return called(operator, parts)


def _is_in(args: list[Any], depth: int) -> IsIn:
    if len(args) != 2 or not isinstance(args[1], list) or not args[1]:
        raise unreadable("in")
    if len(args[1]) > MOST_TERMS:
        raise too_deep()
    options = tuple(_expression(each, depth + 1) for each in args[1])
    return IsIn(_expression(args[0], depth + 1), options)
