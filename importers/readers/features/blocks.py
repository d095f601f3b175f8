"""Cuts the text of GeoJSON into blocks of whole features, one a line.

Inside a JSON text a quotation mark within a string is always escaped, and a line break never stands
in one: so the patterns below cannot match inside a value.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from importers.readers.features import NotPlain
from importers.readers.json_text import BOM

BLOCK_BYTES = 8 << 20
LONGEST_FEATURE_BYTES = 64 << 20
HEADER_BYTES = 1 << 16
_FEATURES = re.compile(rb'"features"\s*:\s*\[')
_BETWEEN = re.compile(rb'\}\s*,\s*(?=\{\s*"type"\s*:\s*"Feature"\s*,)')
_START = re.compile(rb'\s*\{\s*"type"\s*:\s*"Feature"\s*,')
_REST = re.compile(r"\s*\]\s*\}\s*")


def header_of(path: Path) -> dict[str, Any]:
    """The members before the features. Raises NotPlain."""
    with path.open("rb") as stream:
        head = stream.read(HEADER_BYTES).removeprefix(BOM)
    found = _FEATURES.search(head)
    if found is None:
        raise NotPlain("no features near the front")
    try:
        header = json.loads(head[: found.end()] + b"]}")
    except (ValueError, RecursionError) as error:
        raise NotPlain("other features before the features") from error
    if not isinstance(header, dict) or header.get("type") != "FeatureCollection":
        raise NotPlain("no feature collection")
    return header


def collected(path: Path) -> Iterator[bytes]:
    """Blocks of the features of a collection. Raises NotPlain."""
    with path.open("rb") as stream:
        head = stream.read(HEADER_BYTES)
        found = _FEATURES.search(head)
        if found is None:
            raise NotPlain("no features near the front")
        stream.seek(found.end())
        rest = b""
        while chunk := stream.read(BLOCK_BYTES):
            *whole, rest = _BETWEEN.split((rest + chunk).replace(b"\n", b" ").replace(b"\r", b" "))
            if whole:
                yield b"}\n".join(whole) + b"}\n"
            _check_length(rest)
        last = _last(rest)
        if last:
            yield last


def _last(rest: bytes) -> bytes:
    """The last feature without the end of the collection, which must end there."""
    text = rest.decode(errors="replace")
    if _REST.fullmatch(text):
        return b""
    if not _START.match(rest):
        raise NotPlain("features that start otherwise")
    try:
        _feature, end = json.JSONDecoder().raw_decode(text, len(text) - len(text.lstrip()))
    except (ValueError, RecursionError) as error:
        raise NotPlain("an unfinished feature") from error
    if not _REST.fullmatch(text[end:]):
        raise NotPlain("members after the features")
    return text[:end].encode() + b"\n"


def gathered(texts: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks of features that are texts of their own."""
    block: list[bytes] = []
    size = 0
    for text in texts:
        block.append(text.replace(b"\n", b" ").replace(b"\r", b" "))
        size += len(text)
        if size >= BLOCK_BYTES:
            yield b"\n".join(block) + b"\n"
            block, size = [], 0
    if block:
        yield b"\n".join(block) + b"\n"


def _check_length(rest: bytes) -> None:
    if len(rest) > LONGEST_FEATURE_BYTES:
        raise NotPlain("a feature longer than a block")
