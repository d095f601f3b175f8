"""Where the files of exports lie, and how long: below MEDIA_ROOT, which no web server serves."""

import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.text import get_valid_filename

from importers.exporting.columns import text_of
from importers.models.export import Export
from importers.writers.catalogue import FORMATS
from layers.models.division import Division
from layers.registry import LAYERS

KEPT_FOR = timedelta(days=7)
FOLDER_MODE = 0o700


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "exports"


def folder_of(export: Export) -> Path:
    return root() / str(export.uid)


def path_of(export: Export) -> Path:
    return folder_of(export) / f"{export.layer}{FORMATS[export.format].extension}"


def new_folder(export: Export) -> Path:
    """Nobody but the service may look inside."""
    folder = folder_of(export)
    folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    folder.chmod(FOLDER_MODE)
    return folder


def remove_files(export: Export) -> None:
    if folder_of(export).exists():
        shutil.rmtree(folder_of(export))


def file_name(export: Export) -> str:
    """What a person saves it as: 农村公路_花垣县_EPSG4546_20260501.gpkg."""
    title = text_of(LAYERS[export.layer].title, export.language)
    place = Division.objects.filter(pk=export.division).values_list("name", flat=True).first()
    day = timezone.localdate().strftime("%Y%m%d")
    parts = [title, place or "", export.datum.replace(":", ""), day]
    stem = "_".join(part.replace(" ", "-") for part in parts if part)
    return get_valid_filename(stem) + FORMATS[export.format].extension
