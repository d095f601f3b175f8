"""Large files over HTTP in parts, so that a download that broke off goes on (RFC 9110 §14)."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

CHUNK = 1 << 18
_ONE_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
PARTIAL, NOT_SATISFIABLE = 206, 416


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
    elif wanted == ():
        response = HttpResponse(status=NOT_SATISFIABLE)
        response["Content-Range"] = f"bytes */{size}"
        return response
    else:
        first, last = wanted
        response = StreamingHttpResponse(
            _part(path, first, last - first + 1), status=PARTIAL, content_type=media_type
        )
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
        response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{etag}"'
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | tuple[()] | None:
    """First and last byte; () where nothing of it is there, None for the whole file."""
    found = _ONE_RANGE.match(request.headers.get("Range", ""))
    other = request.headers.get("If-Range", etag) != etag
    if found is None or other or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        # The last so many bytes.
        start, end = max(size - int(last), 0), size - 1
        return (start, end) if int(last) and size else ()
    start, end = int(first), min(int(last) if last else size - 1, size - 1)
    if last and int(last) < start:
        return None
    return (start, end) if start < size else ()


def _part(path: Path, first: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        while length and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
