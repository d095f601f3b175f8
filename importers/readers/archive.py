"""Zip archives from strangers: what is inside, and taking parts out under names of our own.

Nothing is ever written at a path that the archive chose.
"""

import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from importers.phrases import gettext_noop
from importers.readers.specification import FileProblem

MOST_MEMBERS = 10_000
MOST_BYTES = 4 << 30
MOST_RATIO = 200
"""A .dbf of half-empty text columns shrinks some 50 times; deflate's limit is 1,032."""
RATIO_MATTERS_FROM = 20 << 20
UTF8_FLAG = 0x800
ENCRYPTED_FLAG = 0x1
CHUNK = 1 << 20
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,
    ValueError,
    OSError,
)
"""What zipfile raises over it; NotImplementedError is a RuntimeError, a wild offset an OSError."""


@contextmanager
def opened_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Raises FileProblem where its directory cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise FileProblem(
            gettext_noop("The archive is damaged or cut short: %(reason)s"),
            remedy=gettext_noop("Zip or copy it again."),
            reason=str(error),
        ) from error


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside; `path` is its name decoded."""

    info: zipfile.ZipInfo
    path: PurePosixPath


def member_name(info: zipfile.ZipInfo) -> str:
    """The name as its writer meant it: Windows in China writes GBK without saying so."""
    if info.flag_bits & UTF8_FLAG:
        return info.filename
    raw = info.orig_filename.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def members(archive: zipfile.ZipFile) -> list[Member]:
    """The files inside; raises FileProblem for an archive that no honest program writes."""
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    if len(infos) > MOST_MEMBERS or total > MOST_BYTES:
        raise FileProblem(
            gettext_noop("The archive unpacks to %(megabytes)d MB in %(members)d files."),
            remedy=gettext_noop("Zip only the files of one data set, or split the data."),
            megabytes=total >> 20,
            members=len(infos),
        )
    packed = sum(info.compress_size for info in infos)
    if total > RATIO_MATTERS_FROM and total > MOST_RATIO * max(packed, 1):
        raise FileProblem(
            gettext_noop("The archive unpacks to %(ratio)d times its size: that is no data set."),
            remedy=gettext_noop("Zip the data again, or send it as GeoPackage."),
            ratio=total // max(packed, 1),
        )
    return [_checked(info) for info in infos if not info.is_dir()]


def _checked(info: zipfile.ZipInfo) -> Member:
    path = PurePosixPath(member_name(info).replace("\\", "/"))
    linked = stat.S_ISLNK(info.external_attr >> 16)
    outside = path.is_absolute() or ".." in path.parts or ":" in (path.parts or ("",))[0]
    if linked or outside or "\x00" in str(path):
        raise FileProblem(
            gettext_noop("The archive holds a link or a path that leads outside it: %(name)s"),
            remedy=gettext_noop("Zip the files themselves."),
            name=str(path),
        )
    if info.flag_bits & ENCRYPTED_FLAG:
        raise FileProblem(
            gettext_noop("The archive is protected by a password."),
            remedy=gettext_noop("Zip it without one."),
        )
    return Member(info, path)


def extract(archive: zipfile.ZipFile, member: Member, target: Path) -> None:
    """Write one member to `target`; never more bytes than the archive announced."""
    try:
        with archive.open(member.info) as source, target.open("xb") as sink:
            _copy(source, sink, member.info.file_size)
    except DAMAGE as error:
        raise FileProblem(
            gettext_noop("“%(name)s” in the archive is damaged: %(reason)s"),
            remedy=gettext_noop("Zip it again."),
            name=str(member.path),
            reason=str(error),
        ) from error


def _copy(source: IO[bytes], sink: IO[bytes], most: int) -> None:
    written = 0
    while chunk := source.read(CHUNK):
        written += len(chunk)
        if written > most:
            raise zipfile.BadZipFile("longer than announced")
        sink.write(chunk)
