"""Texts in XML."""

import re
from xml.sax.saxutils import escape

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'


def xml_text(value: object) -> str:
    """Escaped for an element or a quoted attribute; what XML has no place for becomes U+FFFD."""
    return escape(_NOT_IN_XML.sub("\ufffd", str(value)), {'"': "&quot;"})


def html_text(value: object) -> str:
    """For an XML element whose text is taken for HTML: nothing in it becomes markup there."""
    return xml_text(escape(str(value), {'"': "&quot;"}))
