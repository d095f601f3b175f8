"""Exports in the background: asked for, run, cancelled, handed out, removed."""

from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from importers.exporting import files
from importers.exporting.datums import target_datum
from importers.exporting.journal import reason_of, require_few
from importers.exporting.permission import require_unmask_all, scope_of, still_covered
from importers.exporting.progress import Reporter
from importers.exporting.rows import counted
from importers.exporting.service import check, export_layer
from importers.exporting.wish import LANGUAGES, ExportCancelled, ExportReport, Wish
from importers.models.export import Export
from importers.writers.catalogue import format_named
from layers.access.policy import Actor
from layers.errors import Conflict, Forbidden, NotFound
from layers.models.access import User
from layers.orders import course
from layers.orders.files import new_folder
from layers.registry import layer_named

MOST_ACTIVE = 3
"""Of one account at a time: each holds a worker."""
State = Export.State


def begin_export(*, actor: User, wish: Wish) -> Export:
    """Check the wish, keep it, and hand it to a worker when the transaction commits.

    Raises what export_layer would refuse at once, and Conflict for too many at a time.
    """
    scope = scope_of(actor, wish.division)
    check(wish, target_datum(wish.datum))
    if wish.personal:
        reason_of(wish.reason)
        require_unmask_all(actor, scope)
        require_few(counted(wish, scope))
    with transaction.atomic():
        if course.under_way(Export, actor) >= MOST_ACTIVE:
            raise Conflict(
                _("%(most)d of your exports are running already.") % {"most": MOST_ACTIVE},
                remedy=_("Wait until one is done, or cancel one."),
            )
        export = Export.objects.create(
            owner=actor,
            layer=wish.layer.name,
            format=wish.format.name,
            datum=wish.datum,
            language=wish.language,
            division=wish.division,
            fields=None if wish.fields is None else list(wish.fields),
            personal=wish.personal,
            reason=wish.reason.strip()[:200],
            provenance=wish.provenance,
            prefixes=list(scope.prefixes),
        )
        transaction.on_commit(lambda: _enqueue(export))
    return export


def _enqueue(export: Export) -> None:
    from importers.exporting.tasks import run_export  # The task imports this module.

    run_export.enqueue(str(export.uid))


def run(uid: UUID) -> None:
    """What a worker does; nothing where the export was cancelled before, or runs already."""
    begun = {"state": State.RUNNING, "started_at": timezone.now(), "progressed_at": timezone.now()}
    if not Export.objects.filter(uid=uid, state=State.WAITING).update(**begun):
        return
    export = Export.objects.select_related("owner").get(uid=uid)
    with translation.override(LANGUAGES[export.language]):
        course.carry_out(
            export,
            lambda: _of(_exported(export), export),
            cancelled=ExportCancelled,
            broken=_("The export broke off by an error of the service."),
        )


def _exported(export: Export) -> ExportReport:
    new_folder(export)
    with Reporter(export.pk) as reporter:
        return export_layer(
            actor=export.owner,
            wish=wish_of(export),
            target=files.path_of(export),
            progress=reporter,
            cancelled=reporter.cancelled,
        )


def wish_of(export: Export) -> Wish:
    return Wish(
        layer=layer_named(export.layer),
        format=format_named(export.format),
        datum=export.datum,
        language=export.language,
        division=export.division,
        fields=export.fields,
        personal=export.personal,
        reason=export.reason,
        provenance=export.provenance,
    )


def _of(report: ExportReport, export: Export) -> dict[str, object]:
    return {
        "rows": report.rows,
        "total": report.total,
        "unmasked": report.unmasked,
        "size": report.size,
        "prefixes": list(report.prefixes),
        "notes": [{"zh": note.zh, "en": note.en} for note in report.notes],
        "file_name": files.file_name(export),
    }


def own_export(user: Actor, uid: UUID) -> Export:
    """Nobody sees another's. Raises NotFound."""
    found = course.orders_of(Export, user).filter(uid=uid).first()
    if found is None:
        raise NotFound(_("There is no such export."), remedy=_("It may have expired: ask again."))
    return found


def cancel(*, actor: Actor, uid: UUID) -> Export:
    """One that waits is cancelled now, one that runs stops at its next batch."""
    export = own_export(actor, uid)
    course.cancel(export)
    return export


def remove(*, actor: Actor, uid: UUID) -> None:
    """The file and the line in the list. Raises Conflict for one that still runs."""
    export = cancel(actor=actor, uid=uid)
    if export.active:
        raise Conflict(
            _("The export is being cancelled."), remedy=_("Remove it when it has stopped.")
        )
    course.discard(export)


def obtainable(user: Actor, export: Export) -> bool:
    """Whether its owner may still have the file: grants may have ended since."""
    return still_covered(user, export.prefixes, personal=export.personal)


def file_of(user: Actor, uid: UUID) -> tuple[Export, Path]:
    """The export and its file. Raises NotFound, Conflict before it is done, Forbidden where the
    owner may no longer see all that is in it."""
    export = own_export(user, uid)
    if export.state != State.DONE:
        raise Conflict(_("The export is not done."), remedy=_("Wait until it is."))
    if not obtainable(user, export):
        raise Forbidden(
            _("Your grants have changed since: the file holds what you may no longer see."),
            remedy=_("Export again what you may see now."),
        )
    path = files.path_of(export)
    if export.expired or not path.is_file():
        raise NotFound(_("The file has expired."), remedy=_("Export it again."))
    return export, path
