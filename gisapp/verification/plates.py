"""QR plates: what is printed and screwed to a wall."""

from io import BytesIO
from urllib.parse import quote

import segno
from django.conf import settings
from django.http import HttpRequest

# Level Q survives a quarter of the plate being dirty or scratched.
ERROR_CORRECTION = "q"


def plate_address(request: HttpRequest, plate: str) -> str:
    """The address a plate opens: below PUBLIC_URL, or else where this request came to."""
    path = f"/q/{quote(plate)}"
    public: str = settings.PUBLIC_URL
    return f"{public.rstrip('/')}{path}" if public else request.build_absolute_uri(path)


def qr_svg(address: str) -> bytes:
    """The QR code as SVG that scales to its place, with the quiet zone of four modules."""
    out = BytesIO()
    code = segno.make(address, error=ERROR_CORRECTION, micro=False)
    code.save(out, kind="svg", border=4, omitsize=True, dark="#000", light="#fff", xmldecl=False)
    return out.getvalue()
