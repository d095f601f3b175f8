"""Photographs as evidence: checked, and kept byte for byte as they came.

The stored name follows from the content's digest, never from the user; the bytes lie below
MEDIA_ROOT, which no web server serves, and leave only through views that ask the policy.
"""

import hashlib
import os
import tempfile
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from layers.errors import NotFound, Rejected

TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
MAX_PIXELS = 120_000_000
"""Above the largest phone cameras (108 megapixels); a small file can claim far more."""
MAX_EACH = 10
"""Photographs with one report."""


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """`name` is relative to MEDIA_ROOT; width and height are in pixels as recorded."""

    name: str
    content_type: str
    sha256: str
    size: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CheckedPhoto:
    data: bytes
    content_type: str
    width: int
    height: int


def check(upload: "UploadedFile[bytes]") -> CheckedPhoto:
    """Raises Rejected unless this is a whole JPEG, PNG or WebP within the limits."""
    limit: int = settings.EVIDENCE_MAX_BYTES
    if (upload.size or 0) > limit:
        raise _rejected(
            _("A photo is larger than %(limit)s MB.") % {"limit": limit // 2**20},
            _("Take it with a smaller resolution."),
        )
    data = upload.read()
    try:
        with warnings.catch_warnings():
            # Our own limit is stricter than Pillow's warning, and tells the user.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=tuple(TYPES)) as image:
                width, height, kind = *image.size, str(image.format)
                if width * height > MAX_PIXELS:
                    raise _rejected(
                        _("A photo has too many pixels."), _("Take it with a smaller resolution.")
                    )
                # Shrinks while decoding where the format can: the whole file is read all the same.
                image.draft("RGB", (512, 512))
                image.load()
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ) as error:
        raise _rejected(
            _("A file is not a photo that can be opened."), _("Send JPEG, PNG or WebP.")
        ) from error
    return CheckedPhoto(data, TYPES[kind], width, height)


def _rejected(message: str, remedy: str) -> Rejected:
    return Rejected(
        message, remedy=remedy, detail={"problems": [{"field": "photo", "message": message}]}
    )


def keep(photo: CheckedPhoto) -> StoredPhoto:
    """Write the bytes once; the same content is one file. Raises OSError when the disk refuses."""
    digest = hashlib.sha256(photo.data).hexdigest()
    name = f"evidence/{digest[:2]}/{digest}{SUFFIXES[photo.content_type]}"
    path = Path(settings.MEDIA_ROOT) / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(path, photo.data)
    return StoredPhoto(name, photo.content_type, digest, len(photo.data), photo.width, photo.height)


def _write_whole(path: Path, data: bytes) -> None:
    """A crash leaves the whole file or none under its name."""
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def photo_response(name: str, content_type: str) -> FileResponse:
    """The stored bytes, never sniffed, never run. The caller has asked the policy."""
    path = Path(settings.MEDIA_ROOT) / name
    if not path.is_file():
        raise NotFound(_("The photo's file is missing."), remedy=_("Tell the administrator."))
    response = FileResponse(path.open("rb"), content_type=content_type)
    response["Content-Disposition"] = f'inline; filename="{path.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response
