"""The editing service: every change of a feature goes through `submit`.

One write is permission + transaction + journal entry. The same uid again returns the first
outcome. An edit on an older base is merged attribute by attribute; what both sides changed
differently is a conflict, and nothing is written.
"""

import uuid
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from layers.access import policy
from layers.editing import operations
from layers.editing.guard import declare_writer
from layers.editing.request import EditRequest, Outcome, OutcomeKind
from layers.errors import Forbidden, NotFound
from layers.models.access import User
from layers.models.journal import Edit, Operation
from layers.registry import layer_named
from layers.turns import take_turn

OPERATIONS: dict[Operation, Callable[[operations.Work], Outcome]] = {
    Operation.CREATE: operations.create,
    Operation.UPDATE: operations.update,
    Operation.DELETE: operations.delete,
    Operation.RESTORE: operations.restore,
}

_INVERSE = {
    Operation.CREATE: Operation.DELETE,
    Operation.RESTORE: Operation.DELETE,
    Operation.DELETE: Operation.RESTORE,
    Operation.UPDATE: Operation.UPDATE,
}


@transaction.atomic
def submit(*, actor: User, request: EditRequest) -> Outcome:
    """Apply one edit. Raises Forbidden, LoginRequired, NotFound; rejections are outcomes."""
    layer = layer_named(request.layer)
    # Copies of one edit that arrive at once: the second finds the first's outcome.
    take_turn(str(request.uid))
    earlier = Edit.objects.filter(uid=request.uid).first()
    if earlier is not None:
        return _recorded(actor, earlier)
    declare_writer()
    return OPERATIONS[request.operation](operations.Work(actor, layer, request))


def undo(*, actor: User, uid: uuid.UUID) -> Outcome:
    """Undo one edit by its inverse, itself an edit; undoing twice returns the first outcome."""
    edit = Edit.objects.filter(uid=uid).first()
    if edit is None or not policy.scope(actor).covers(_division_of(edit)):
        raise NotFound(_("There is no such edit to undo."))
    return submit(actor=actor, request=inverse(edit))


def inverse(edit: Edit) -> EditRequest:
    """The edit that takes this one back. Its uid follows from the edit's: undo is idempotent."""
    return EditRequest(
        uid=uuid.uuid5(edit.uid, "undo"),
        layer=edit.layer,
        operation=_INVERSE[Operation(edit.operation)],
        feature_id=edit.feature_id,
        base_version=edit.version,
        undoes=edit,
    )


def _recorded(actor: User, edit: Edit) -> Outcome:
    if edit.author_id != actor.pk:
        raise Forbidden(_("This edit's uid belongs to somebody else."), remedy=_("Use a new uid."))
    return Outcome(OutcomeKind(edit.outcome), edit.uid, edit.feature_id, edit.version)


def _division_of(edit: Edit) -> str:
    """Where the edited feature stands: its row now, or as it was when it was deleted."""
    rows = layer_named(edit.layer).rows.filter(pk=edit.feature_id)
    found: str | None = rows.values_list("division_id", flat=True).first()
    return found or str(edit.old.get("division", ""))
