"""The files of packs as they are downloaded."""

from django.utils import timezone
from django.utils.text import get_valid_filename

from tiles.models import Pack
from tiles.packs.sources import VECTORS

MEDIA_TYPE = "application/vnd.pmtiles"
"""Registered with IANA for PMTiles."""


def saved_name(pack: Pack, file: str) -> str:
    """What a person saves it as: 花垣县_20260501.pmtiles, 花垣县_20260501_raster-dem.pmtiles."""
    day = timezone.localtime(pack.created_at).strftime("%Y%m%d")
    stem = "_".join(part.replace(" ", "-") for part in (pack.name or "pack", day))
    return get_valid_filename(f"{stem}.pmtiles" if file == VECTORS else f"{stem}_{file}")
