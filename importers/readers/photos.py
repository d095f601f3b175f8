"""Geotagged photos: one, or a folder of them, becomes points (EXIF 2.32, §4.6.6, GPS attributes).

Only headers are read, never pixels: a picture that claims to be huge costs nothing.
"""

import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
from PIL import Image, UnidentifiedImageError

from importers.phrases import gettext_noop
from importers.readers.exif import Exposure, read_exposure
from importers.readers.layout import Notes
from importers.readers.specification import (
    BATCH_ROWS,
    GEOMETRY_COLUMN,
    Column,
    FileProblem,
    Request,
    Source,
    SourceDescription,
)

FORMATS = ("JPEG", "PNG", "TIFF")
"""MPO, what some phones write with a depth map behind, is read as the JPEG it begins with."""
SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff"})
UNREAD_SUFFIXES = frozenset({".heic", ".heif"})
MAGICS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
TIFF_MAGICS = (b"II*\x00", b"MM\x00*")
GEO_KEYS = 34735
"""GeoKeyDirectoryTag: a GeoTIFF is a raster, not a photo."""
MOST_PHOTOS = 20_000
MOST_SHOWN = 5
MOSTLY = 0.5
POINT = struct.Struct("<BIdd")
WKB_POINT = 1
CRS_BY_DATUM = {"WGS84": "EPSG:4326", "CGCS2000": "EPSG:4490"}

TOO_MANY_PIXELS = gettext_noop("Photos that claim too many pixels: %(count)d (%(names)s)")
UNREADABLE = gettext_noop("Photos that cannot be read: %(count)d (%(names)s)")
PLACELESS = gettext_noop("Photos without a position: %(count)d (%(names)s)")

COLUMNS: tuple[tuple[str, str, Any], ...] = (
    ("文件名", "name", pa.string()),
    ("拍摄时间", "taken", pa.string()),
    ("高程", "altitude", pa.float64()),
    ("方位", "direction", pa.float64()),
    ("定位精度", "accuracy", pa.float64()),
    ("相机厂商", "make", pa.string()),
    ("相机型号", "model", pa.string()),
    ("说明", "description", pa.string()),
)
"""Heights and accuracy in metres, the direction in degrees from north; times as the camera had
them, without a zone."""


def photos_in(names: Sequence[str]) -> bool:
    """Whether most of an archive's or a folder's files are photos; what systems add is not counted.

    >>> photos_in(["照片/a.JPG", "照片/b.jpg", "Thumbs.db", "说明.txt"])
    True
    """
    counted = [path for path in map(PurePosixPath, names) if not _is_hidden(path)]
    photos = [path for path in counted if path.suffix.lower() in SUFFIXES | UNREAD_SUFFIXES]
    # One .tif with its .tfw and .prj is a raster.
    plain = [path for path in photos if path.suffix.lower() not in {".tif", ".tiff"}]
    return bool(plain) and len(photos) > len(counted) * MOSTLY


def _is_hidden(path: PurePosixPath) -> bool:
    return path.name in {"Thumbs.db", "desktop.ini"} or any(
        part.startswith((".", "__MACOSX")) for part in path.parts
    )


class PhotoReader:
    name = "Photos"
    drivers: tuple[str, ...] = ()

    def detect(self, head: bytes, path: Path) -> bool:
        if path.is_dir():
            return photos_in([str(each.relative_to(path)) for each in _files(path)])
        if head.startswith(TIFF_MAGICS):
            return not _is_raster(path)
        return head.startswith(MAGICS)

    @contextmanager
    def open(self, request: Request) -> Iterator[Source]:
        paths = _photos(request.path)
        folder = request.path if request.path.is_dir() else request.path.parent
        photos = [_read(path, str(path.relative_to(folder))) for path in paths]
        if not photos:
            raise FileProblem(
                gettext_noop("There is no photo in it that can be read."),
                remedy=gettext_noop("Send JPEG, PNG or TIFF; save HEIC as JPEG."),
            )
        yield Source(_description(photos), _batches(photos))


@dataclass(frozen=True, slots=True)
class _Photo:
    """`problem` is the note on why there is no exposure; `name` is the path in the folder."""

    name: str
    exposure: Exposure
    problem: str = ""


def _files(folder: Path) -> Iterator[Path]:
    """All files of a folder in the order of their names, without following links."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


def _photos(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found: list[Path] = []
    for each in _files(path):
        inside = PurePosixPath(each.relative_to(path))
        if each.suffix.lower() in SUFFIXES | UNREAD_SUFFIXES and not _is_hidden(inside):
            found.append(each)
        if len(found) > MOST_PHOTOS:
            raise FileProblem(
                gettext_noop("There are more than %(most)d photos."),
                remedy=gettext_noop("Send them in several deliveries."),
                most=MOST_PHOTOS,
            )
    return found


def _is_raster(path: Path) -> bool:
    try:
        with _opened(path) as image:
            return GEO_KEYS in image.getexif()
    except (OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError):
        # Whatever this is, it is no photo.
        return True


def _opened(path: Path) -> Image.Image:
    """Pillow reads the header; the pixels only if asked, which nothing here does."""
    return Image.open(path, formats=FORMATS)


def _read(path: Path, name: str) -> _Photo:
    try:
        # Pillow warns of damaged tags and of many pixels; both are told of in the notes.
        with warnings.catch_warnings(action="ignore"), _opened(path) as image:
            return _Photo(name, read_exposure(image))
    except Image.DecompressionBombError:
        return _Photo(name, Exposure(), TOO_MANY_PIXELS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, struct.error):
        # Damaged headers surface as any of these in Pillow.
        return _Photo(name, Exposure(), UNREADABLE)


def _description(photos: list[_Photo]) -> SourceDescription:
    datums = {photo.exposure.datum for photo in photos if photo.exposure.place} - {""}
    crs = _crs(datums)
    notes: Notes = []
    problems = sorted({photo.problem for photo in photos if photo.problem})
    for problem in problems:
        notes.append(_listed(problem, [each.name for each in photos if each.problem == problem]))
    placeless = [each.name for each in photos if not each.problem and not each.exposure.place]
    if placeless:
        notes.append(_listed(PLACELESS, placeless))
    if crs is None:
        text = gettext_noop("The photos name another datum than WGS 84: %(names)s")
        notes.append((text, {"names": ", ".join(sorted(datums))}))
    elif not datums:
        notes.append((gettext_noop("The photos name no datum: EXIF then means WGS 84."), {}))
    return SourceDescription(
        format=PhotoReader.name,
        columns=tuple(Column(name, str(kind)) for name, _key, kind in COLUMNS),
        geometry_type="Point",
        crs=crs,
        crs_stated=bool(datums) and crs is not None,
        encoding="UTF-8",
        encoding_why=gettext_noop("each text of a photo is read by itself"),
        rows=len(photos),
        notes=tuple(notes),
    )


def _crs(datums: set[str]) -> str | None:
    """Of one known datum, or WGS 84 where none is named; else it has to be asked about."""
    if not datums:
        return CRS_BY_DATUM["WGS84"]
    found = {CRS_BY_DATUM.get(datum) for datum in datums}
    return found.pop() if len(found) == 1 else None


def _listed(text: str, names: list[str]) -> tuple[str, dict[str, Any]]:
    """A note on several photos, with the first of their names."""
    shown = ", ".join(names[:MOST_SHOWN]) + (", …" if len(names) > MOST_SHOWN else "")
    return text, {"count": len(names), "names": shown}


def _batches(photos: list[_Photo]) -> Iterator[Any]:
    for start in range(0, len(photos), BATCH_ROWS):
        some = photos[start : start + BATCH_ROWS]
        arrays = [pa.array([each.name for each in some], pa.string())]
        arrays += [
            pa.array([getattr(each.exposure, key) for each in some], kind)
            for _name, key, kind in COLUMNS[1:]
        ]
        places = pa.array([_point(each.exposure) for each in some], pa.binary())
        yield pa.RecordBatch.from_arrays(
            [*arrays, places], names=[*(name for name, _key, _kind in COLUMNS), GEOMETRY_COLUMN]
        )


def _point(exposure: Exposure) -> bytes | None:
    return POINT.pack(1, WKB_POINT, *exposure.place) if exposure.place else None
