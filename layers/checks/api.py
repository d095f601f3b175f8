"""Issues of a layer over JSON, in the caller's divisions, and their fixes."""

import time
from typing import Annotated, Any

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest
from ninja import Router
from ninja.params import Query
from ninja.responses import Response

from layers.access import policy
from layers.access.policy import signed_in
from layers.api import read_bounds
from layers.checks.fixing import apply_fix
from layers.checks.rules import RULES, rule_named
from layers.checks.running import check
from layers.checks.specification import Issue
from layers.checks.window import Window
from layers.editing.api import answer
from layers.registry import layer_named
from layers.registry.specification import Layer

router = Router(tags=["checks"])

MOST_SECONDS = 8
QUERY_CANCELED = "57014"


@router.get("/layers/{name}/issues")
def list_issues(
    request: HttpRequest,
    name: str,
    bbox: str = "",
    rule: Annotated[list[str], Query()] = [],  # noqa: B006 - ninja copies it
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> dict[str, Any]:
    """What the rules find in the caller's divisions, at most `limit`; `bbox` is
    west,south,east,north. `complete` is false where there may be more: narrow the bbox then."""
    layer = layer_named(name)
    for each in rule:
        rule_named(each)
    window = Window(policy.scope(request.user), bounds=read_bounds(bbox))
    issues, complete = found(layer, window, rule or None, limit)
    return {"issues": [described(issue) for issue in issues], "complete": complete}


@router.post("/layers/{name}/issues/{issue_id}/fix")
def fix_issue(request: HttpRequest, name: str, issue_id: str) -> Response:
    """Apply the issue's fix as an edit of the caller's. Again, it is the first outcome."""
    outcomes = apply_fix(actor=signed_in(request.user), layer=layer_named(name), issue=issue_id)
    return answer(outcomes[0])


def found(
    layer: Layer, window: Window, rules: list[str] | None, limit: int
) -> tuple[list[Issue], bool]:
    """Issues up to a limit or until the time is over, and whether these are all."""
    issues: list[Issue] = []
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [MOST_SECONDS * 1000])
            deadline = time.monotonic() + MOST_SECONDS
            for issue in check(layer, window, rules, deadline=deadline):
                if len(issues) == limit:
                    return issues, False
                issues.append(issue)
    except TimeoutError:
        return issues, False
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != QUERY_CANCELED:
            raise
        return issues, False
    return issues, True


def described(issue: Issue) -> dict[str, Any]:
    """An issue as JSON; `fix` is what its fix would do, null where it has none."""
    return {
        "id": issue.id,
        "rule": issue.rule,
        "title": str(RULES[issue.rule].title),
        "severity": issue.severity,
        "layer": issue.layer,
        "feature_ids": list(issue.feature_ids),
        "field": issue.field,
        "place": issue.place,
        "message": issue.message,
        "fix": issue.fix.title if issue.fix else None,
    }
