"""Applying an issue's fix, as the person who asks for it."""

from collections.abc import Iterable, Iterator

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
AT_ONCE = 1_000


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


def apply_all(
    *, actor: User, layer: Layer, scope: Scope, issues: Iterable[Issue]
) -> Iterator[Outcome]:
    """Fix many issues by edits of the actor's, some AT_ONCE to a changeset.

    Two fixes of one feature would get in each other's way (of three duplicates, the first pair's
    fix takes up what the second pair's builds on): the later waits, and is looked at again, where
    it may have become another fix, or none.
    """
    waiting = [issue for issue in issues if issue.fix is not None]
    fresh = True
    while waiting:
        turn, rest = _disjoint(waiting)
        for start in range(0, len(turn), AT_ONCE):
            some = turn[start : start + AT_ONCE]
            fixes = [each.fix for each in (some if fresh else _again(layer, scope, some))]
            edits = [edit for each in fixes if each is not None for edit in each.edits]
            reason = edits[0].reason if edits else ""
            yield from service.submit_all(actor=actor, requests=edits, reason=reason)
        waiting, fresh = rest, False


def _disjoint(issues: Iterable[Issue]) -> tuple[list[Issue], list[Issue]]:
    """Issues that have no feature in common, and the others."""
    touched: set[int] = set()
    turn: list[Issue] = []
    rest: list[Issue] = []
    for issue in issues:
        (rest if touched.intersection(issue.feature_ids) else turn).append(issue)
        touched.update(issue.feature_ids)
    return turn, rest


def _again(layer: Layer, scope: Scope, issues: Iterable[Issue]) -> list[Issue]:
    """Those that still stand, as they stand now."""
    found = (find_issue(layer, scope, issue.id) for issue in issues)
    return [issue for issue in found if issue is not None]


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
