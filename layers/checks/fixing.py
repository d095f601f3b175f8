"""Applying an issue's fix, as the person who asks for it."""

from django.utils.translation import gettext as _

from layers.access import policy
from layers.access.policy import Scope
from layers.checks.identity import Named, fix_uid, named_by
from layers.checks.rules import RULES
from layers.checks.specification import Issue
from layers.checks.window import Window
from layers.editing import service
from layers.editing.request import EditRequest, Outcome
from layers.errors import BadRequest, NotFound
from layers.models.access import User
from layers.models.journal import Edit, Operation
from layers.registry.specification import Layer

LOOKED_BACK = 20


def find_issue(layer: Layer, scope: Scope, issue: str) -> Issue | None:
    """The issue of an id, if it still stands and all its features are inside the scope."""
    named = named_by(issue)
    rule = RULES.get(named.rule) if named else None
    if named is None or rule is None or named.layer != layer.name or not rule.applies(layer):
        return None
    found = rule.find(layer, Window(scope, feature_ids=named.feature_ids))
    return next((each for each in found if each.id == issue), None)


def apply_fix(*, actor: User, layer: Layer, issue: str) -> list[Outcome]:
    """Fix an issue by edits of the actor's; the outcomes say what became of each.

    A second time, it is the first outcome. Raises NotFound for an issue that no longer stands,
    BadRequest for one without a fix, and what the editing service raises.
    """
    scope = policy.scope(actor)
    found = find_issue(layer, scope, issue)
    if found is None:
        applied = _applied(actor, layer, issue)
        if applied is None:
            raise NotFound(_("This issue no longer stands."), remedy=_("Reload to see what does."))
        return [service.submit(actor=actor, request=applied)]
    if found.fix is None:
        raise BadRequest(_("Nothing can fix this but a look at it."))
    edits = found.fix.edits
    if len(edits) == 1:
        return [service.submit(actor=actor, request=edits[0])]
    return service.submit_all(actor=actor, requests=edits, reason=found.fix.title, atomic=True)


def _applied(actor: User, layer: Layer, issue: str) -> EditRequest | None:
    """The actor's edit that fixed the issue before, if one of the last did: sent again, the
    service answers with its outcome."""
    named = named_by(issue)
    if named is None:
        return None
    for entry in _last_entries(actor, layer, named):
        taken = entry.parts.values_list("version", flat=True)
        version = (entry.base_version or 0) + sum(version - 1 for version in taken)
        if entry.uid == fix_uid(issue, version):
            return EditRequest(entry.uid, layer.name, Operation(entry.operation), entry.feature_id)
    return None


def _last_entries(actor: User, layer: Layer, named: Named) -> list[Edit]:
    entries = Edit.objects.filter(
        layer=layer.name, feature_id__in=named.feature_ids, author=actor, part_of=None
    )
    return list(entries.order_by("-id")[:LOOKED_BACK])
