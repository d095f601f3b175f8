"""An export whose worker has died is said to have stopped."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from importers.models.export import Export
from layers.orders import course

SILENT_FOR = timedelta(hours=1)
"""Indexing and zipping ten million rows may say nothing for minutes; an hour is a dead worker."""


def give_up_silent() -> int:
    """Exports whose worker has died are failed, so that they can be asked for again."""
    since = timezone.now() - SILENT_FOR
    silent = Export.objects.filter(state=Export.State.RUNNING, progressed_at__lt=since)
    problem = course.told(
        _("The worker stopped before the export was done."), _("Export it again.")
    )
    return silent.update(**course.ended(Export.State.FAILED), problem=problem)
