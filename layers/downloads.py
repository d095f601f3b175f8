"""Large files over HTTP in parts, so that a download that broke off goes on (RFC 9110 §14)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

CHUNK = 1 << 18
_ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
"""No file needs more digits; what is longer is no range, and the whole is sent."""
PARTIAL, NOT_SATISFIABLE = 206, 416


@dataclass(frozen=True, slots=True)
class ByteRange:
    """`length` 0: nothing of what is asked for is there."""

    first: int
    length: int


def download(
    request: HttpRequest, path: Path, *, name: str, media_type: str, etag: str
) -> HttpResponseBase:
    """The file, or the one range of it that is asked for. `etag` is unquoted.

    Several ranges at once are answered with the whole, as the standard allows; so is a range of
    another version of the file (If-Range).
    """
    size = path.stat().st_size
    wanted = _range(request, size, f'"{etag}"')
    if wanted is None:
        response: HttpResponseBase = FileResponse(path.open("rb"), content_type=media_type)
    elif not wanted.length:
        response = HttpResponse(status=NOT_SATISFIABLE)
        response["Content-Range"] = f"bytes */{size}"
        return response
    else:
        response = StreamingHttpResponse(
            _part(path, wanted), status=PARTIAL, content_type=media_type
        )
        last = wanted.first + wanted.length - 1
        response["Content-Range"] = f"bytes {wanted.first}-{last}/{size}"
        response["Content-Length"] = str(wanted.length)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{etag}"'
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _range(request: HttpRequest, size: int, etag: str) -> ByteRange | None:
    """None for the whole file."""
    found = _ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    other = request.headers.get("If-Range", etag) != etag
    if found is None or other or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        length = min(int(last), size)
        return ByteRange(size - length, length)
    if last and int(last) < int(first):
        return None
    end = min(int(last) + 1 if last else size, size)
    return ByteRange(int(first), max(end - int(first), 0))


def _part(path: Path, wanted: ByteRange) -> Iterator[bytes]:
    left = wanted.length
    with path.open("rb") as file:
        file.seek(wanted.first)
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
