"""Since when anything has been recorded: maps of earlier days have no features."""

from datetime import date

from django.utils import timezone

from layers.models.chain import Load
from layers.models.journal import Edit


def first_day() -> date | None:
    """The local day of the journal's first edit or load; None while there is neither."""
    first = (
        Edit.objects.order_by("pk").values_list("received_at", flat=True).first(),
        Load.objects.order_by("pk").values_list("loaded_at", flat=True).first(),
    )
    known = [moment for moment in first if moment is not None]
    return timezone.localdate(min(known)) if known else None
