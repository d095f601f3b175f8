"""A block that is stored as JPEG already, handed on as it is: no second loss, and no decoding.

TIFF keeps the tables that its JPEG blocks share once for the file (TIFF Technical Note 2); a file
of its own needs them in front, and JFIF's marker, which says that the colours are YCbCr.
"""

from pathlib import Path
from typing import Any

from rasterio.enums import Compression, PhotometricInterp
from rasterio.windows import Window

from tiles.rasters.grid import TILE, Block

START, END = b"\xff\xd8", b"\xff\xd9"
JFIF = bytes.fromhex("ffe000104a46494600010100000100010000")


def stored_jpeg(dataset: Any, block: Block) -> bytes | None:
    """A whole JPEG file, or None where the block is not one or is partly invisible."""
    if dataset.compression != Compression.jpeg or dataset.photometric != PhotometricInterp.ycbcr:
        return None
    told = _TiffItems(dataset, block)
    offset, size = told.number("BLOCK_OFFSET"), told.number("BLOCK_SIZE")
    if not offset or not size or not _all_visible(dataset, block):
        return None
    with Path(dataset.name).open("rb") as file:
        file.seek(offset)
        body = file.read(size)
    tables = told.tables()
    if len(body) != size or not body.startswith(START) or not tables.startswith(START):
        return None
    return START + JFIF + tables[len(START) : -len(END)] + body[len(START) :]


def _all_visible(dataset: Any, block: Block) -> bool:
    side = TILE << block.halvings
    window = Window(block.column * side, block.row * side, side, side)
    return bool(dataset.read_masks(1, window=window, out_shape=(TILE, TILE)).all())


class _TiffItems:
    """What GDAL tells of one block in the TIFF domain of its metadata."""

    def __init__(self, dataset: Any, block: Block) -> None:
        self._dataset = dataset
        self._overview = block.halvings - 1 if block.halvings else None
        self._place = f"{block.column}_{block.row}"

    def _item(self, name: str) -> str:
        found = self._dataset.get_tag_item(name, "TIFF", bidx=1, ovr=self._overview)
        return str(found or "")

    def number(self, name: str) -> int:
        """0 for a block that is not in the file."""
        return int(self._item(f"{name}_{self._place}") or 0)

    def tables(self) -> bytes:
        return bytes.fromhex(self._item("JPEGTABLES"))
