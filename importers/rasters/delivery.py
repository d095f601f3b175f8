"""Which of the delivered files is the raster, and what lies beside it. Runs inside the box.

GDAL itself never sees the neighbours: it gets one file, and the texts of the world file and of the
.prj are read here.
"""

import math
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

from importers.phrases import gettext_noop
from importers.rasters.formats import (
    HEAD_BYTES,
    PROJECTION_SUFFIX,
    WORLD_SUFFIXES,
    ZIP_HEADS,
    RasterFormat,
    format_of,
    unknown_format,
)
from importers.readers.archive import Member, extract, members
from importers.readers.specification import FileProblem

MOST_SIDE_BYTES = 16 << 10
"""Of a world file or .prj, which are lines of text."""
UNPACKED = "unpacked"

Transform = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Delivered:
    """`projection` is the .prj's text, "" where there is none; `world` the world file's."""

    raster: Path
    format: RasterFormat
    unpacked: bool
    world: Transform | None
    projection: str


def delivered(paths: Sequence[Path], folder: Path) -> Delivered:
    """Find the raster among files that belong together, or in an archive; raises FileProblem.

    What an archive holds is unpacked into `folder`, under names of ours.
    """
    heads = {path: _head(path) for path in paths}
    archives = [path for path in paths if heads[path].startswith(ZIP_HEADS)]
    if archives:
        paths = _unpacked(archives[0], folder)
        heads = {path: _head(path) for path in paths}
    rasters = {path: found for path in paths if (found := format_of(heads[path]))}
    if len(rasters) > 1:
        raise FileProblem(
            gettext_noop("There are several rasters: %(names)s."),
            remedy=gettext_noop("Send one at a time, or merge them into one GeoTIFF."),
            names=", ".join(path.name for path in rasters),
        )
    for raster, found in rasters.items():
        return Delivered(raster, found, bool(archives), _world(paths), _projection(paths))
    raise unknown_format(max(heads.values(), key=len, default=b""))


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(HEAD_BYTES)


def _unpacked(path: Path, folder: Path) -> list[Path]:
    """The members that can be a raster or its neighbours, whatever else is in there."""
    target = folder / UNPACKED
    target.mkdir(exist_ok=True)
    try:
        with zipfile.ZipFile(path) as archive:
            return [
                _extracted(archive, member, target / f"{number}{suffix}")
                for number, (suffix, member) in enumerate(_wanted(archive))
            ]
    except zipfile.BadZipFile as error:
        raise FileProblem(
            gettext_noop("The archive is damaged: %(reason)s"),
            remedy=gettext_noop("Zip it again."),
            reason=str(error),
        ) from error


def _wanted(archive: zipfile.ZipFile) -> list[tuple[str, Member]]:
    wanted = []
    for member in members(archive):
        suffix = member.path.suffix.lower()
        if suffix not in (PROJECTION_SUFFIX, *WORLD_SUFFIXES):
            with archive.open(member.info) as stream:
                if not format_of(stream.read(HEAD_BYTES)):
                    continue
            suffix = ""
        wanted.append((suffix, member))
    if all(suffix for suffix, _member in wanted):
        raise FileProblem(
            gettext_noop("The archive holds no raster that can be read: %(names)s."),
            remedy=gettext_noop("Export it as GeoTIFF. ECW and MrSID cannot be read."),
            names=", ".join(each.filename for each in archive.infolist()[:5]) or "-",
        )
    rasters = [member.path for suffix, member in wanted if not suffix]
    return wanted if len(rasters) > 1 else [e for e in wanted if _beside(e[1].path, rasters[0])]


def _beside(path: PurePosixPath, raster: PurePosixPath) -> bool:
    return path.parent == raster.parent and _stem(path) == _stem(raster)


def _stem(path: PurePath) -> str:
    """Other systems' names differ in case only, and some write scene.tif.prj."""
    return path.name.lower().split(".")[0]


def _extracted(archive: zipfile.ZipFile, member: Member, target: Path) -> Path:
    target.unlink(missing_ok=True)
    extract(archive, member, target)
    return target


def neighbours(path: Path) -> list[Path]:
    """The world file and the .prj beside a loose raster."""
    suffixes = (PROJECTION_SUFFIX, *WORLD_SUFFIXES)
    return sorted(
        each
        for each in path.parent.iterdir()
        if each.suffix.lower() in suffixes and _stem(each) == _stem(path) and each.is_file()
    )


def _by_suffix(paths: Sequence[Path], suffixes: Sequence[str]) -> Mapping[str, Path]:
    return {path.suffix.lower(): path for path in paths if path.suffix.lower() in suffixes}


def _text(path: Path) -> str:
    with path.open("rb") as stream:
        raw = stream.read(MOST_SIDE_BYTES + 1)
    if len(raw) > MOST_SIDE_BYTES:
        raise FileProblem(
            gettext_noop("“%(name)s” is too long for what it should be."),
            remedy=gettext_noop("Export the raster again."),
            name=path.name,
        )
    return raw.decode("utf-8-sig", "replace")


def _projection(paths: Sequence[Path]) -> str:
    found = _by_suffix(paths, (PROJECTION_SUFFIX,))
    return next((_text(path).strip() for path in found.values()), "")


def _world(paths: Sequence[Path]) -> Transform | None:
    """Six lines A D B E C F, for the *middle* of the upper left pixel (ESRI's convention)."""
    found = _by_suffix(paths, WORLD_SUFFIXES)
    if not found:
        return None
    path = next(iter(found.values()))
    try:
        a, d, b, e, c, f = numbers = list(map(float, _text(path).replace(",", ".").split()[:6]))
        if not all(map(math.isfinite, numbers)):
            raise ValueError(numbers)
    except ValueError as error:
        raise FileProblem(
            gettext_noop("The world file does not hold six numbers."),
            remedy=gettext_noop("Export the raster again together with it."),
        ) from error
    return a, b, c - (a + b) / 2, d, e, f - (d + e) / 2
