"""Where the files of a delivery are: below MEDIA_ROOT/imports/<uid>, for the service alone.

    files/       what was sent, under names of our own
    sample.*     the first rows and the description, for the page
    runs/<uid>/  the workbook of rejected rows

A name from the network is never a path: only what a reader must see of it is kept.
"""

import errno
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from layers.errors import ServiceError

FOLDER_MODE, FILE_MODE = 0o700, 0o600
_EXTENSION = re.compile(r"^[a-z0-9]{1,10}$")
_GEODATABASE_PART = re.compile(r"^(a[0-9a-f]{8}\.[a-z0-9_]{1,20}|gdb|timestamps)$", re.IGNORECASE)


class OutOfSpace(ServiceError):
    code = "out-of-space"
    status = 507


def out_of_space() -> OutOfSpace:
    return OutOfSpace(
        _("The service has no disk space left for this delivery."),
        remedy=_("Tell the administrator, and try again later. What has arrived is kept."),
    )


def folder(uid: UUID) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / str(uid)


def files_folder(uid: UUID) -> Path:
    return folder(uid) / "files"


def run_folder(uid: UUID, run: UUID) -> Path:
    return folder(uid) / "runs" / str(run)


def stored_names(names: Sequence[str]) -> list[str]:
    """What the files are called on disk: files of one stem keep one stem, and their extension.

    >>> stored_names(["数据/安置点.shp", "数据/安置点.DBF", "../../etc/passwd", "a.gdb/gdb"])
    ['1.shp', '1.dbf', '2', 'g3.gdb/gdb']
    """
    stems: dict[str, int] = {}
    taken: set[str] = set()
    stored = []
    for number, name in enumerate(names, start=1):
        path = PurePosixPath(name.replace("\\", "/"))
        found = _geodatabase_part(path, stems) or _loose(path, stems)
        if found in taken:
            found = f"x{number}{PurePosixPath(found).suffix}"
        taken.add(found)
        stored.append(found)
    return stored


def _loose(path: PurePosixPath, stems: dict[str, int]) -> str:
    extension = path.suffix[1:].lower()
    kept = f".{extension}" if _EXTENSION.match(extension) else ""
    return f"{_numbered(str(path.with_suffix('')) if path.name else '', stems)}{kept}"


def _geodatabase_part(path: PurePosixPath, stems: dict[str, int]) -> str | None:
    """The parts of a file geodatabase find each other by name: those names, and no others."""
    if path.parent.suffix.lower() != ".gdb" or not _GEODATABASE_PART.match(path.name):
        return None
    return f"g{_numbered(f'{path.parent}/', stems)}.gdb/{path.name}"


def _numbered(stem: str, stems: dict[str, int]) -> int:
    return stems.setdefault(stem, len(stems) + 1)


def source_path(uid: UUID, stored: Sequence[str]) -> Path:
    """What a reader is given: the one file, the geodatabase, or the folder of them all."""
    base = files_folder(uid)
    if len(stored) == 1:
        return base / stored[0]
    tops = {PurePosixPath(name).parts[0] for name in stored}
    only = next(iter(tops)) if len(tops) == 1 else ""
    return base / only if only.endswith(".gdb") else base


def prepare(uid: UUID) -> None:
    """Make the folder, for the service's own account alone."""
    for each in (folder(uid).parent, folder(uid), files_folder(uid)):
        each.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        each.chmod(FOLDER_MODE)


def write_at(uid: UUID, stored: str, offset: int, chunk: bytes) -> None:
    """Write one piece and wait for the disk. Raises OutOfSpace."""
    target = files_folder(uid) / stored
    try:
        prepare(uid)
        target.parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT, FILE_MODE)
        try:
            _write_all(descriptor, chunk, offset)
            os.ftruncate(descriptor, offset + len(chunk))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise out_of_space() from error
        raise


def _write_all(descriptor: int, chunk: bytes, offset: int) -> None:
    done = 0
    while done < len(chunk):
        done += os.pwrite(descriptor, chunk[done:], offset + done)


def free_bytes() -> int:
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(root).free


def private_file(path: Path, content: bytes) -> None:
    """Write a whole file at once; a half-written one never has its name."""
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
    partial.replace(path)


def remove(uid: UUID) -> None:
    """Remove all files of a delivery; it is no error if there are none."""
    if folder(uid).exists():
        shutil.rmtree(folder(uid))
