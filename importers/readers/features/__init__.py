"""GeoJSON of one kind of feature, read by Arrow's JSON parser: one pass, several times OGR's speed.

Whatever is not plain (values of mixed types, nested properties, several kinds of shapes) raises
NotPlain, and OGR reads the file instead.
"""


class NotPlain(Exception):
    """The features are not all alike; the text says how."""
