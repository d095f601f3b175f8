"""What a folder or an archive holds: which of its files make a data set together.

Only names are looked at here, to leave out what is no data; each data set's format is told by its
content when it is opened.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from importers.phrases import gettext_noop
from importers.readers.geodatabase import CATALOGUE
from importers.readers.photos import SUFFIXES, UNREAD_SUFFIXES
from importers.readers.shapefile import PARTS
from importers.readers.specification import EXPLANATION_FILES, FileProblem, SeveralTables

PHOTOS = SUFFIXES | UNREAD_SUFFIXES
ARCHIVES = frozenset({".zip", ".kmz"})
UNREAD_ARCHIVES = frozenset({".rar", ".7z", ".gz", ".tar"})
BESIDE = frozenset(
    {f".{part}" for part in PARTS}
    | {".sbn", ".sbx", ".qix", ".qpj", ".qmd", ".qml", ".fbn", ".fbx", ".ain", ".aih", ".atx"}
    | {".xml", ".lyr", ".mxd", ".qgz", ".qgs", ".sld", ".txt", ".md", ".pdf", ".doc", ".docx"}
    | {".gif", ".bmp", ".db", ".ini", ".lock", ".wps", ".html", ".css"}
)
"""What lies beside data and is none that we read rows of."""
MAYBE = frozenset({".txt", ".xml", ".html"})
"""Of these, what is data if there is nothing else: tables and KML by another name."""


class Kind(StrEnum):
    FILE = "file"
    SHAPEFILE = "shapefile"
    GEODATABASE = "geodatabase"
    PHOTOS = "photos"


@dataclass(frozen=True, slots=True)
class DataSet:
    """Files that are read together. `title` is the path a person chooses it by; the main file, or
    the .shp, comes first."""

    title: str
    kind: Kind
    files: tuple[PurePosixPath, ...]

    @property
    def names(self) -> frozenset[str]:
        """What it may be asked for by, in lower case."""
        path = PurePosixPath(self.title)
        return frozenset(each.lower() for each in (self.title, path.name, path.stem))


def data_sets(paths: Iterable[PurePosixPath]) -> tuple[DataSet, ...]:
    """Photographs count only where there is nothing else: archives hold pictures for many reasons.

    Raises FileProblem where there is no data set.
    """
    seen = sorted(path for path in paths if not _is_hidden(path))
    geodatabases = {path.parent for path in seen if path.name.lower() == CATALOGUE}
    rest = [path for path in seen if path.parent not in geodatabases]
    found = [
        DataSet(str(folder), Kind.GEODATABASE, tuple(p for p in seen if p.parent == folder))
        for folder in sorted(geodatabases)
    ]
    found += _shapefiles(rest)
    found += _files([path for path in rest if path.name not in EXPLANATION_FILES], _is_data)
    photos = tuple(path for path in rest if path.suffix.lower() in PHOTOS)
    if not found and photos:
        found = [DataSet("photos", Kind.PHOTOS, photos)]
    found = found or _files(rest, _is_data) or _files(rest, MAYBE.__contains__)
    if not found:
        raise _nothing(seen)
    return tuple(found)


def _files(paths: list[PurePosixPath], wanted: Callable[[str], bool]) -> list[DataSet]:
    return [DataSet(str(path), Kind.FILE, (path,)) for path in paths if wanted(path.suffix.lower())]


def _is_data(suffix: str) -> bool:
    return suffix not in BESIDE | PHOTOS | UNREAD_ARCHIVES


def _is_hidden(path: PurePosixPath) -> bool:
    return any(part.startswith((".", "__MACOSX", "~$")) for part in path.parts)


def _shapefiles(paths: list[PurePosixPath]) -> list[DataSet]:
    sets: dict[str, list[PurePosixPath]] = {}
    for path in paths:
        if path.suffix.lower().removeprefix(".") in PARTS:
            sets.setdefault(str(path.with_suffix("")).lower(), []).append(path)
    found = []
    for files in sets.values():
        files.sort(key=lambda path: path.suffix.lower() != ".shp")
        if files[0].suffix.lower() == ".shp":
            found.append(DataSet(str(files[0].with_suffix("")), Kind.SHAPEFILE, tuple(files)))
    return found


def _nothing(seen: list[PurePosixPath]) -> FileProblem:
    suffixes = {path.suffix.lower() for path in seen}
    if suffixes & UNREAD_ARCHIVES:
        return FileProblem(
            gettext_noop("There is only another archive in it, of a kind that is not read."),
            remedy=gettext_noop("Unpack it and zip the files themselves."),
        )
    if suffixes & {".dbf", ".shx"}:
        return FileProblem(
            gettext_noop("There is no .shp in it, only other parts of a Shapefile."),
            remedy=gettext_noop("Send the .shp together with its .shx, .dbf and .prj."),
        )
    return FileProblem(
        gettext_noop("There is no data in it that can be read, among %(files)d files."),
        remedy=gettext_noop("Put in a Shapefile (.shp, .shx, .dbf, .prj), a GeoPackage, a table …"),
        files=len(seen),
    )


def chosen(sets: tuple[DataSet, ...], table: str | None) -> tuple[DataSet, str | None]:
    """The data set asked for (or the only one), and the table within it.

    A table is asked for as TITLE, or TITLE/TABLE where the data set has several itself. Raises
    SeveralTables.
    """
    wanted = (table or "").lower()
    named = [each for each in sets if wanted in each.names]
    if wanted and len(named) == 1:
        return named[0], None
    for each in sets:
        if wanted.startswith(f"{each.title.lower()}/"):
            return each, (table or "")[len(each.title) + 1 :]
    if len(sets) == 1:
        return sets[0], table
    raise SeveralTables([each.title for each in sets])
