"""The file or folder that is read: that it stays the same meanwhile, and its digest."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from layers.errors import Rejected

HASH_CHUNK = 1 << 20
Identity = tuple[tuple[str, int, int, int], ...]


def identity(path: Path) -> Identity:
    """Changes with any of the files. Raises Rejected where there is none."""
    if not path.exists():
        raise Rejected(
            _("There is no file %(path)s.") % {"path": path}, remedy=_("Check the name.")
        )
    found = tuple(_stamp(path, each) for each in _files(path))
    if not found:
        raise Rejected(
            _("There is nothing to read in %(path)s.") % {"path": path},
            remedy=_("Check that it is the right one."),
        )
    return found


def _stamp(path: Path, each: Path) -> tuple[str, int, int, int]:
    status = each.stat()
    return (str(each.relative_to(path)), status.st_ino, status.st_size, status.st_mtime_ns)


def sha256(path: Path) -> str:
    """Of the file; of a folder, of the names and digests of its files in their order."""
    if path.is_file():
        return _digest(path)
    whole = hashlib.sha256()
    for each in _files(path):
        whole.update(f"{each.relative_to(path)}\0{_digest(each)}\n".encode())
    return whole.hexdigest()


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(HASH_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from sorted(each for each in path.rglob("*") if each.is_file())
