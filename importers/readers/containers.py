"""Folders and zip archives: what is inside decides which reader opens it."""

import dataclasses
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from importers.phrases import gettext_noop
from importers.readers import archive
from importers.readers.contents import DataSet, Kind, chosen, data_sets
from importers.readers.detection import detected
from importers.readers.field_list import full_names, with_full_names
from importers.readers.specification import (
    FileProblem,
    Reader,
    Request,
    SeveralTables,
    Source,
)

ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
PLAIN_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")
GEODATABASE_FILE = re.compile(r"[A-Za-z0-9_]{1,40}(\.[A-Za-z0-9_]{1,20}){0,3}")
NOT_IN_NAMES = re.compile(r"[^\w .()-]")
MOST_FILES = 20_000


class ZipReader:
    """A zip archive, .kmz among them. `inner` are the readers of what may be inside."""

    name = "Zip"
    drivers: tuple[str, ...] = ()

    def __init__(self, inner: Sequence[Reader]) -> None:
        self._inner = tuple(inner)

    def detect(self, head: bytes, path: Path) -> bool:
        del path
        return head.startswith(ZIP_MAGICS)

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        with archive.opened_archive(request.path) as opened:
            members = {member.path: member for member in archive.members(opened)}
            sets = data_sets(members)
            data_set, table = chosen(sets, request.table)
            inside = request.scratch / "inside"
            inside.mkdir()
            path = _unpacked(opened, members, data_set, inside)
            names = full_names(opened, members, data_set, request.scratch)
        inner = Request(path, _scratch_in(request), table)
        with _opened_inside(self._inner, inner, sets, data_set) as source:
            yield with_full_names(source, names)


class FolderReader:
    """A folder of files. `inner` are the readers of what may be inside."""

    name = "Folder"
    drivers: tuple[str, ...] = ()

    def __init__(self, inner: Sequence[Reader]) -> None:
        self._inner = tuple(inner)

    def detect(self, head: bytes, path: Path) -> bool:
        del head
        return path.is_dir()

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        sets = data_sets(_files_in(request.path))
        data_set, table = chosen(sets, request.table)
        inner = Request(_in_place(request.path, data_set), _scratch_in(request), table)
        with _opened_inside(self._inner, inner, sets, data_set) as source:
            yield source


@contextmanager
def _opened_inside(
    readers: Sequence[Reader], request: Request, sets: tuple[DataSet, ...], data_set: DataSet
) -> Iterator[Source]:
    """The data set with its own reader; where there are several, its tables' names tell which."""
    several = len(sets) > 1

    def full(table: str) -> str:
        return f"{data_set.title}/{table}"

    try:
        with detected(request.path, readers).open(request) as source:
            if several:
                found = source.description
                table = full(found.table) if len(found.tables) > 1 else data_set.title
                titles = tuple(each.title for each in sets)
                found = dataclasses.replace(found, table=table, tables=titles)
                source = dataclasses.replace(source, description=found)
            yield source
    except SeveralTables as problem:
        if not several:
            raise
        raise SeveralTables([full(table) for table in problem.tables]) from problem


def _scratch_in(request: Request) -> Path:
    scratch = request.scratch / "work"
    scratch.mkdir()
    return scratch


def _files_in(folder: Path) -> list[PurePosixPath]:
    """Relative to the folder. Raises FileProblem for links: they lead to what was not delivered."""
    found: list[PurePosixPath] = []
    for directory, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(directory) / name
            if path.is_symlink():
                raise FileProblem(
                    gettext_noop("The folder holds a link: %(name)s"),
                    remedy=gettext_noop("Put the files themselves into it."),
                    name=name,
                )
        found += [PurePosixPath((Path(directory) / name).relative_to(folder)) for name in names]
        if len(found) > MOST_FILES:
            raise FileProblem(
                gettext_noop("The folder holds more than %(most)d files."),
                remedy=gettext_noop("Give only the files of one data set."),
                most=MOST_FILES,
            )
    return found


def _in_place(folder: Path, data_set: DataSet) -> Path:
    if data_set.kind is Kind.GEODATABASE:
        return folder / data_set.title
    if data_set.kind is Kind.PHOTOS:
        return folder
    return folder / data_set.files[0]


def _unpacked(
    opened: zipfile.ZipFile,
    members: dict[PurePosixPath, archive.Member],
    data_set: DataSet,
    target: Path,
) -> Path:
    """The data set's files below `target`, under names of our own; what a reader is to open."""
    name_of = _NAMING[data_set.kind]
    if data_set.kind is Kind.GEODATABASE:
        target = target / "delivered.gdb"
        target.mkdir()
    written: list[Path] = []
    for path in data_set.files:
        name = name_of(path)
        if name is not None:
            place = _free(target / name)
            archive.extract(opened, members[path], place)
            written.append(place)
    return written[0] if data_set.kind in (Kind.FILE, Kind.SHAPEFILE) else target


def _free(path: Path) -> Path:
    """Two members may come out with the same name."""
    number = 1
    while path.exists():
        number += 1
        path = path.with_name(f"{path.stem}_{number}{path.suffix}")
    return path


def _by_suffix(path: PurePosixPath) -> str:
    suffix = path.suffix.lower()
    return f"delivered{suffix}" if PLAIN_SUFFIX.fullmatch(suffix) else "delivered"


def _of_geodatabase(path: PurePosixPath) -> str | None:
    """Its files refer to each other by these names; others are none of its files."""
    return path.name.lower() if GEODATABASE_FILE.fullmatch(path.name) else None


def _of_photo(path: PurePosixPath) -> str:
    """As near to its own as is harmless: the names of photographs tell what they show."""
    return f"{NOT_IN_NAMES.sub('_', path.stem)[:60].lstrip('.')}{path.suffix.lower()}"


_NAMING: dict[Kind, Callable[[PurePosixPath], str | None]] = {
    Kind.FILE: _by_suffix,
    Kind.SHAPEFILE: _by_suffix,
    Kind.GEODATABASE: _of_geodatabase,
    Kind.PHOTOS: _of_photo,
}
