"""What exactly was delivered: one file, a folder, or the parts that lie beside a loose .shp."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from importers.phrases import gettext_noop
from importers.readers.specification import FileProblem

SHAPEFILE_PARTS = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})


@dataclass(frozen=True, slots=True)
class Delivered:
    """`parts` are what the box may read of it; `path` is one of them, and absolute."""

    path: Path
    parts: tuple[Path, ...]
    size_bytes: int


def delivered(path: Path) -> Delivered:
    """Raises FileProblem for what is not there, or is neither a file nor a folder.

    A link is refused and not followed: it would open what was never delivered.
    """
    whole = path.parent.resolve() / path.name
    mode = _mode(whole)
    if stat.S_ISDIR(mode):
        return Delivered(whole, (whole,), _folder_size(whole))
    parts = _beside(whole) if whole.suffix.lower() == ".shp" else (whole,)
    return Delivered(whole, parts, sum(part.stat().st_size for part in parts))


def _mode(path: Path) -> int:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError as error:
        raise FileProblem(
            gettext_noop("There is no file “%(name)s”."),
            remedy=gettext_noop("Check the name."),
            name=path.name,
        ) from error
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise FileProblem(
            gettext_noop("“%(name)s” is a link or a device, not a file or a folder."),
            remedy=gettext_noop("Give the file itself."),
            name=path.name,
        )
    return mode


def _beside(shp: Path) -> tuple[Path, ...]:
    """The parts with the same name, whatever the case of their extensions."""
    found = [
        each
        for each in shp.parent.iterdir()
        if each.stem == shp.stem and each.suffix.lower() in SHAPEFILE_PARTS
    ]
    for each in found:
        _mode(each)
    return tuple(sorted(found))


def _folder_size(folder: Path) -> int:
    total = 0
    for directory, _folders, names in os.walk(folder):
        total += sum((Path(directory) / name).lstat().st_size for name in names)
    return total
