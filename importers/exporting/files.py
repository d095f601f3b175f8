"""The file of an export: where it lies, and what a person saves it as."""

from pathlib import Path

from django.utils import timezone
from django.utils.text import get_valid_filename

from importers.exporting.columns import text_of
from importers.models.export import Export
from importers.writers.catalogue import FORMATS
from layers.models.division import Division
from layers.registry import LAYERS


def path_of(export: Export) -> Path:
    return export.folder / f"{export.layer}{FORMATS[export.format].extension}"


def file_name(export: Export) -> str:
    """What a person saves it as: 农村公路_花垣县_EPSG4546_20260501.gpkg."""
    title = text_of(LAYERS[export.layer].title, export.language)
    place = Division.objects.filter(pk=export.division).values_list("name", flat=True).first()
    day = timezone.localdate().strftime("%Y%m%d")
    parts = [title, place or "", export.datum.replace(":", ""), day]
    stem = "_".join(part.replace(" ", "-") for part in parts if part)
    return get_valid_filename(stem) + FORMATS[export.format].extension
