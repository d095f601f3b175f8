"""The pages of conflicts and held edits: what waits for a decision, and deciding it."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gisapp.web.editing.chronicle import visible_features
from gisapp.web.editing.dispute import Dispute
from gisapp.web.editing.wording import OPERATIONS, SUBMISSION_KINDS, Vocabulary, field_label
from layers.access import policy
from layers.access.policy import signed_in
from layers.access.roles import Action
from layers.editing import conflicts, service
from layers.editing.request import Outcome, OutcomeKind
from layers.editing.submissions import clashes_of
from layers.errors import BadRequest, Conflict
from layers.models import Operation
from layers.models.submission import Submission
from layers.registry import LAYERS, Layer, layer_named

PAGE_SIZE = 25
LAST_PAGE = 400


@dataclass(frozen=True, slots=True)
class ConflictFilters:
    """Each empty text means no such filter."""

    layer: str = ""
    kind: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: QueryDict) -> "ConflictFilters":
        page, layer, kind = query.get("page", "1"), query.get("layer", ""), query.get("kind", "")
        if not page.isdecimal() or not 1 <= int(page) <= LAST_PAGE:
            raise BadRequest(_("There is no such page of the list."))
        if kind not in {"", *SUBMISSION_KINDS} or layer not in {"", *LAYERS}:
            raise BadRequest(_("There is no such filter."))
        return cls(layer, kind, int(page))

    def narrow(self, found: QuerySet[Submission]) -> QuerySet[Submission]:
        wanted = {name: getattr(self, name) for name in ("layer", "kind")}
        return found.filter(**{name: value for name, value in wanted.items() if value})

    def query(self, page: int) -> str:
        query = QueryDict(mutable=True)
        query.update({k: v for k, v in (("layer", self.layer), ("kind", self.kind)) if v})
        query["page"] = str(page)
        return query.urlencode()


@dataclass(frozen=True, slots=True)
class Row:
    submission: Submission
    layer: Layer
    kind: str | Promise
    operation: str | Promise
    name: str
    place: str
    fields: str


@require_GET
def conflict_list(request: HttpRequest) -> HttpResponse:
    """What waits for this person's decision, and their own that wait for somebody's."""
    user = signed_in(request.user)
    filters = ConflictFilters.read(request.GET)
    start = (filters.page - 1) * PAGE_SIZE
    found = filters.narrow(conflicts.to_decide(user))
    page = list(found[start : start + PAGE_SIZE + 1])
    context = {
        "filters": filters,
        "rows": rows_of(request, page[:PAGE_SIZE]),
        "layers": LAYERS.values(),
        "kinds": SUBMISSION_KINDS.items(),
        "previous": filters.query(filters.page - 1) if filters.page > 1 else "",
        "next": filters.query(filters.page + 1) if len(page) > PAGE_SIZE else "",
    }
    part = request.headers.get("HX-Target") == "conflict-results"
    name = "editing/conflict_results.html" if part else "editing/conflicts.html"
    return render(request, name, context)


def rows_of(request: HttpRequest, page: list[Submission]) -> list[Row]:
    keys = [(each.layer, each.feature_id) for each in page if each.feature_id]
    standing = visible_features(request.user, keys)
    words = Vocabulary({"division": each.division} for each in page)
    scope = policy.scope(request.user, Action.VIEW)
    rows = []
    for each in page:
        layer = layer_named(each.layer)
        known = standing.get((each.layer, each.feature_id or 0))
        labels = [field_label(layer, clash.field) for clash in clashes_of(each)]
        rows.append(
            Row(
                each,
                layer,
                SUBMISSION_KINDS[Submission.Kind(each.kind)],
                OPERATIONS[Operation(each.operation)],
                known.name if known else str(layer.title),
                words.places.get(each.division, "") if scope.covers(each.division) else "",
                _(", ").join(labels),
            )
        )
    return rows


@require_GET
def conflict_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One conflict or held edit, open or decided."""
    user = signed_in(request.user)
    dispute = Dispute(conflicts.visible_submission(user, uid), user)
    following = conflicts.to_decide(user).exclude(uid=uid).first()
    context = {
        "dispute": dispute,
        "kept": dispute.submission,
        "kind": SUBMISSION_KINDS[Submission.Kind(dispute.submission.kind)],
        "sides": dispute.legend,
        "map_layers": dispute.layer.name,
        "shapes": dispute.shapes,
        "following": following,
    }
    return render(request, "editing/conflict.html", context)


@require_POST
def decide(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Which side stands: `all` is mine or theirs for everything, else one answer a field."""
    user = signed_in(request.user)
    conflict = conflicts.visible_submission(user, uid)
    try:
        mine = _answers(request, conflicts.clashing_fields(conflict))
        outcome = conflicts.resolve(
            actor=user, uid=uid, mine=mine, whole=request.POST.get("whole") == "yes"
        )
    except (BadRequest, Conflict) as error:
        messages.error(request, f"{error.message} {error.remedy}".strip())
        return redirect("conflict", uid)
    _tell(request, outcome)
    return redirect("conflict", uid)


@require_POST
def dismiss(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Leave things as they are; the record stays."""
    user = signed_in(request.user)
    conflicts.visible_submission(user, uid)
    service.dismiss(actor=user, uid=uid)
    messages.success(request, _("Left as it is. The record of this edit is kept."))
    return redirect("conflict", uid)


@require_POST
def admit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let a held edit in."""
    user = signed_in(request.user)
    conflicts.visible_submission(user, uid)
    _tell(request, service.admit(actor=user, uid=uid))
    return redirect("conflict", uid)


def _answers(request: HttpRequest, fields: list[str]) -> list[str]:
    """The fields where mine stands. Raises BadRequest while one has no answer."""
    whole = request.POST.get("all")
    if whole in {"mine", "theirs"}:
        return fields if whole == "mine" else []
    answers = {name: request.POST.get(f"side-{name}", "") for name in fields}
    if not all(answer in {"mine", "theirs"} for answer in answers.values()):
        raise BadRequest(_("Choose a side for every field."))
    return [name for name, answer in answers.items() if answer == "mine"]


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    if outcome.kind is OutcomeKind.CONFLICT:
        text = _("The feature has changed since: decide the conflict that came of it.")
        messages.warning(request, text)
    elif outcome.kind is OutcomeKind.REJECTED:
        problems = " ".join(each.message for each in outcome.problems)
        messages.error(request, problems or _("This edit cannot be applied."))
    else:
        messages.success(request, _("Decided: the map shows it now."))
