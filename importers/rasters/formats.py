"""The raster formats that are read, told by their content; everything else is refused.

Only drivers that read the one file they are given are here. A VRT names other files and addresses
to read from, as do GTI, WMS, STACIT and more: they are not in the list, so they cannot be opened.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from importers.phrases import gettext_noop
from importers.readers.specification import FileProblem

HEAD_BYTES = 4096
ZIP_HEADS = (b"PK\x03\x04", b"PK\x05\x06")
WORLD_SUFFIXES = (".tfw", ".pgw", ".jgw", ".j2w", ".tifw", ".pngw", ".jpgw", ".jpegw", ".wld")
PROJECTION_SUFFIX = ".prj"
_GRID = re.compile(rb"\s*(ncols|nrows)\s+\d+\s", re.IGNORECASE)
_VIRTUAL = re.compile(rb"\s*(<\?xml[^>]*>\s*)?<(VRTDataset|GDALTileIndexDataset|GDAL_WMS)")
_JPEG_2000 = (b"\0\0\0\x0cjP  \r\n\x87\n", b"\xffO\xffQ")


@dataclass(frozen=True, slots=True)
class RasterFormat:
    """`sequential`: rows can be had in their order only, so the file is unpacked to blocks first.

    `bare`: the format has no place for a position, which must come in a world file.
    """

    name: str
    driver: str
    detects: Callable[[bytes], bool]
    sequential: bool = False
    bare: bool = False


def _starts(*heads: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(heads)


FORMATS = (
    RasterFormat("GeoTIFF", "GTiff", _starts(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")),
    RasterFormat("ERDAS Imagine", "HFA", _starts(b"EHFA_HEADER_TAG")),
    RasterFormat("ASCII Grid", "AAIGrid", lambda head: bool(_GRID.match(head)), sequential=True),
    RasterFormat("PNG", "PNG", _starts(b"\x89PNG\r\n\x1a\n"), sequential=True, bare=True),
    RasterFormat("JPEG", "JPEG", _starts(b"\xff\xd8\xff"), sequential=True, bare=True),
    RasterFormat("JPEG 2000", "JP2OpenJPEG", _starts(*_JPEG_2000)),
)
NAMES = ", ".join(each.name for each in FORMATS)

SKIPPED_DRIVERS = (
    "DAAS,EEDA,EEDAI,ESRIC,GTI,HTTP,Rasterlite,MBTiles,OGCAPI,PLMOSAIC,STACIT,STACTA,WCS,WMS,WMTS,"
)
"""For GDAL_SKIP. Every opening names the one driver that it is for, so none of these could be
reached; the box does not even have them. VRT stays: a warp in memory is made of it."""


def format_of(head: bytes) -> RasterFormat | None:
    return next((each for each in FORMATS if each.detects(head)), None)


def unknown_format(head: bytes) -> FileProblem:
    """Why the content is not read, and what to send instead."""
    if not head:
        return FileProblem(
            gettext_noop("The file is empty."), remedy=gettext_noop("Export it again.")
        )
    if _VIRTUAL.match(head):
        return FileProblem(
            gettext_noop("A virtual raster only points to other files; they are not in it."),
            remedy=gettext_noop("Export it as one GeoTIFF."),
        )
    return FileProblem(
        gettext_noop("The content is none of the raster formats that can be read: %(formats)s."),
        remedy=gettext_noop("Export it as GeoTIFF. ECW and MrSID cannot be read."),
        formats=NAMES,
    )
