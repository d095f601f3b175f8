"""Plans, conflicts, history and changesets: who may do what to them, on pages."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from layers.access.roles import PERMISSIONS, Action, Role
from tests.access_matrix.expectation import (
    ANONYMOUS,
    SUPERUSER,
    Entry,
    Expect,
    accounts,
    page,
    record,
    resource,
)
from tests.access_matrix.scene import Spot


@dataclass(frozen=True)
class Disputed(Expect):
    """A conflict or held edit: seen by who edits or reviews where it lies, decided by `action`."""

    def status(self, account: str, *, inside: bool) -> int:
        if account == SUPERUSER:
            return self.ok
        if account == ANONYMOUS:
            return self.anonymous
        allowed = PERMISSIONS[Role(account)] if account in set(Role) else frozenset()
        if not inside or not allowed & {Action.EDIT, Action.REVIEW}:
            return 404
        return self.ok if self.action is None or self.action in allowed else 403


def disputed(ok: int, action: Action | None = None) -> Disputed:
    return Disputed(ok, action, outside=404, anonymous=302)


def api(action: Action = Action.VIEW, **more: Any) -> Expect:
    return resource(action, **{"anonymous": 401, **more})


def of_plan(method: str, action: str, expect: Expect, **body: str) -> Entry:
    return Entry(
        method,
        f"plans/{{number}}/{action}",
        expect,
        fill={"number": lambda spot: spot.plan, "uid": lambda spot: spot.planned},
        body=lambda _spot: body,
    )


def of_conflict(method: str, action: str, expect: Expect, **body: str) -> Entry:
    held = action == "admit"
    return Entry(
        method,
        f"conflicts/{{uid}}/{action}",
        expect,
        fill={"uid": lambda spot: spot.held if held else spot.conflict},
        body=lambda _spot: body,
    )


def plan_api(
    method: str,
    action: str,
    expect: Expect,
    body: Callable[[Spot], dict[str, Any]] = lambda _spot: {},
) -> Entry:
    fill = {"number": lambda spot: spot.plan, "uid": lambda spot: spot.planned}
    return Entry(method, f"api/plans/{{number}}{action}", expect, fill=fill, body=body)


def conflict_api(method: str, action: str, expect: Expect, **body: object) -> Entry:
    held = action == "/admit"
    fill = {"uid": lambda spot: spot.held if held else spot.conflict}
    pattern = f"api/conflicts/{{uid}}{action}"
    return Entry(method, pattern, expect, fill=fill, body=lambda _spot: body)


def new_edits(spot: Spot) -> dict[str, Any]:
    edit = {
        "uid": str(uuid.uuid4()),
        "layer": "assets",
        "operation": "update",
        "feature_id": spot.features["assets"],
        "base_version": 1,
        "properties": {"name": "文化广场二期"},
    }
    return {"edits": [edit]}


def said(_spot: Spot) -> dict[str, Any]:
    return {"text": "请核对"}


def new_plan(spot: Spot) -> dict[str, Any]:
    return {"title": "改造方案", "division": spot.division}


def restoring(_spot: Spot) -> dict[str, Any]:
    return {"uid": str(uuid.uuid4()), "to_version": "1", "base_version": "1"}


BY_ITS_AUTHOR = record(ok=403)
"""Nobody of the table wrote the plan: who sees it is told so."""
OF_ASSET = {
    "layer": lambda _spot: "assets",
    "feature_id": lambda spot: spot.features["assets"],
    "uid": lambda spot: spot.edit,
}
CHANGESET = {"number": lambda spot: spot.changeset}

EDITING: tuple[Entry, ...] = (
    Entry("GET", "plans/", page(), queries=("?tab=all", "?tab=review", "?q=改造", "?page=2")),
    Entry("GET", "plans/new", page(Action.EDIT)),
    Entry("POST", "plans/new", record(Action.EDIT, ok=302, outside=403), body=new_plan),
    Entry("GET", "plans/divisions", page(Action.EDIT), queries=("?division=433123000000",)),
    of_plan("GET", "", record()),
    of_plan("POST", "comment", record(ok=302), text="请核对"),
    of_plan("POST", "submit", BY_ITS_AUTHOR),
    of_plan("POST", "withdraw", BY_ITS_AUTHOR),
    of_plan("POST", "edits/{uid}/remove", BY_ITS_AUTHOR),
    of_plan("POST", "approve", record(Action.REVIEW, ok=302, lacking=404)),
    of_plan("POST", "return", record(Action.REVIEW, ok=302, lacking=404), text="请补充"),
    # It is not approved yet: who sees it is sent back to it, and told so.
    of_plan("POST", "apply", record(ok=302)),
    Entry("GET", "conflicts/", accounts(), queries=("?kind=held", "?layer=roads")),
    of_conflict("GET", "", disputed(200)),
    of_conflict("POST", "decide", disputed(302, Action.EDIT), all="mine"),
    of_conflict("POST", "dismiss", disputed(302, Action.EDIT)),
    of_conflict("POST", "admit", disputed(302, Action.REVIEW)),
    Entry("GET", "map/{layer}/{feature_id}/history", record(), queries=("?a=1&b=2",)),
    Entry(
        "POST",
        "map/{layer}/{feature_id}/restore",
        record(Action.EDIT, ok=302, lacking=403),
        body=restoring,
    ),
    Entry(
        "POST",
        "map/{layer}/{feature_id}/undo/{uid}",
        record(Action.EDIT, ok=302, lacking=403),
        fill=OF_ASSET,
    ),
    Entry("GET", "changesets/{number}/", record(), fill=CHANGESET),
    Entry(
        "POST",
        "changesets/{number}/undo",
        record(Action.EDIT, ok=302, lacking=403),
        fill=CHANGESET,
    ),
    # The same over JSON.
    Entry("GET", "api/plans", accounts(anonymous=401), queries=("?state=submitted", "?limit=1")),
    Entry("POST", "api/plans", api(Action.EDIT, ok=201, outside=403, nobody=403), body=new_plan),
    plan_api("GET", "", api()),
    plan_api("GET", "/features", api()),
    plan_api("POST", "/edits", api(ok=403), new_edits),
    plan_api("DELETE", "/edits/{uid}", api(ok=403)),
    plan_api("POST", "/comments", api(ok=201), said),
    plan_api("POST", "/submit", api(ok=403)),
    plan_api("POST", "/withdraw", api(ok=403)),
    plan_api("POST", "/approve", api(Action.REVIEW), said),
    plan_api("POST", "/return", api(Action.REVIEW), said),
    plan_api("POST", "/apply", api(ok=409)),
    Entry("GET", "api/conflicts", accounts(anonymous=401)),
    conflict_api("GET", "", Disputed(200, None, outside=404)),
    conflict_api("POST", "/resolve", Disputed(200, Action.EDIT, outside=404), mine=["name"]),
    conflict_api("POST", "/dismiss", api(Action.EDIT)),
    conflict_api("POST", "/admit", api(Action.REVIEW)),
    # What may not be done is said of each edit.
    Entry("POST", "api/changesets", accounts(200, anonymous=401), body=new_edits),
    Entry("GET", "api/changesets/{number}", resource(), fill=CHANGESET),
    Entry("POST", "api/changesets/{number}/undo", api(Action.EDIT), fill=CHANGESET),
)
