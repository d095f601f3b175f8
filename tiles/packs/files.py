"""Where the files of packs lie, and how long: below MEDIA_ROOT, which no web server serves."""

import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.text import get_valid_filename

from tiles.models import Pack
from tiles.packs.sources import VECTORS

KEPT_FOR = timedelta(days=7)
FOLDER_MODE = 0o700
MEDIA_TYPE = "application/vnd.pmtiles"
"""Registered with IANA for PMTiles."""


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "packs"


def folder_of(pack: Pack) -> Path:
    return root() / str(pack.uid)


def new_folder(pack: Pack) -> Path:
    """Empty, whatever a worker that died has left in it; nobody but the service may look inside."""
    remove_files(pack)
    folder = folder_of(pack)
    folder.mkdir(parents=True, mode=FOLDER_MODE)
    folder.chmod(FOLDER_MODE)
    return folder


def remove_files(pack: Pack) -> None:
    if folder_of(pack).exists():
        shutil.rmtree(folder_of(pack))


def saved_name(pack: Pack, file: str) -> str:
    """What a person saves it as: 花垣县_20260501.pmtiles, 花垣县_20260501_raster-dem.pmtiles."""
    day = timezone.localtime(pack.created_at).strftime("%Y%m%d")
    stem = "_".join(part.replace(" ", "-") for part in (pack.name or "pack", day))
    return get_valid_filename(f"{stem}.pmtiles" if file == VECTORS else f"{stem}_{file}")
