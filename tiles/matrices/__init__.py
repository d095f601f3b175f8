"""Tile matrix sets: the tilings of the world that tiles can be asked for in."""
