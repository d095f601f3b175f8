"""Encodings of delivered text: which one it is in, and decoding it with nothing lost silently."""

from importers.text.decoding import decode_column, decode_mixed, decode_values, decoded
from importers.text.encoding import CARRIER, CHINESE_WINDOWS, UTF8, Encoding
from importers.text.naming import named_codec
from importers.text.shapefiles import encoding_of
from importers.text.tables import encoding_of_stream

__all__ = [
    "CARRIER",
    "CHINESE_WINDOWS",
    "UTF8",
    "Encoding",
    "decode_column",
    "decode_mixed",
    "decode_values",
    "decoded",
    "encoding_of",
    "encoding_of_stream",
    "named_codec",
]
