"""Tiles drawn directly from rows: those of any state of a layer, in any matrix set.

The pyramid has only what is live, and only in Web Mercator. What is drawn here costs a scan where
a tile is dense, and represents every feature just the same: each as itself, or counted in cells.
"""
