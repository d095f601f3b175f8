"""CQL2 (OGC 21-065r2): texts and JSON become one tree of expressions, and that becomes SQL.

The readers are our own: pygeofilter's text grammar gives AND and OR the same precedence, knows no
doubled quote, no one-letter name and no temporal function in its standard form, and its JSON reader
expects the draft's form of BETWEEN. A filter that is read wrongly shows the wrong features.
"""

from layers.ogc.cql2.expressions import Expression
from layers.ogc.cql2.json_form import read_json
from layers.ogc.cql2.text_form import read_text

READERS = {"cql2-text": read_text, "cql2-json": read_json}

__all__ = ["READERS", "Expression"]
