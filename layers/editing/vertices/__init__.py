"""Three-way merge of geometries: what two people did to the vertices of one shape, in one shape.

Different vertices edited by two people merge; the same vertex changed differently is a clash. Pure:
no database, no units; ordinates are compared exactly, as they are stored.
"""

from layers.editing.vertices.clash import GeometryClash, Reason
from layers.editing.vertices.shapes import merge_geometries

__all__ = ["GeometryClash", "Reason", "merge_geometries"]
