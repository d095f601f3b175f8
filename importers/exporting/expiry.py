"""What becomes of exports with time: files go after a week, and what stopped is said to have."""

import shutil
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from importers.exporting import files
from importers.models.export import Export

SILENT_FOR = timedelta(hours=1)
"""Indexing and zipping ten million rows may say nothing for minutes; an hour is a dead worker."""


def purge() -> int:
    """Remove what has expired, and folders that belong to nothing. Returns how many exports."""
    give_up_silent()
    expired = list(Export.objects.filter(expires_at__lte=timezone.now()))
    for export in expired:
        files.remove_files(export)
        export.delete()
    _remove_strays()
    return len(expired)


def give_up_silent() -> int:
    """Exports whose worker has died are failed, so that they can be asked for again."""
    now = timezone.now()
    silent = Export.objects.filter(state=Export.State.RUNNING, progressed_at__lt=now - SILENT_FOR)
    problem = {
        "message": _("The worker stopped before the export was done."),
        "remedy": _("Export it again."),
    }
    return silent.update(
        state=Export.State.FAILED,
        problem=problem,
        finished_at=now,
        expires_at=now + files.KEPT_FOR,
    )


def _remove_strays() -> None:
    """Of accounts that were deleted, or of a crash between two steps."""
    if not files.root().exists():
        return
    known = {str(uid) for uid in Export.objects.values_list("uid", flat=True)}
    for folder in files.root().iterdir():
        if folder.name not in known:
            shutil.rmtree(folder)
