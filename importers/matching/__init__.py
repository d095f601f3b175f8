"""What a file's columns, words, units and divisions are in a layer's terms."""

from importers.matching.names import plain
from importers.matching.strict import Matches, match

__all__ = ["Matches", "match", "plain"]
