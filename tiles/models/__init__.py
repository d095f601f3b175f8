"""Tables of the tiles."""

from tiles.models.pack import Pack

__all__ = ["Pack"]
