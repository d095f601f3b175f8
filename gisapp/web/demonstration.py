"""Invented plans, conflicts and a held edit: the pages of editing show what they are for."""

import json
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import shapely
from django.utils import timezone

from layers.access.policy import Scope, division_prefix
from layers.access.roles import Role
from layers.demonstration import Seeding
from layers.demonstration.seeding import HOME_COUNTY
from layers.distance import measure
from layers.editing import service as editing
from layers.editing.request import EditRequest
from layers.models import Division, Grant, Operation, User
from layers.models.feature import Feature
from layers.models.plan import Plan, PlannedEdit
from layers.models.submission import Submission
from layers.plans import service as planning
from layers.registry import layer_named

DRAFTER, LEAVER = "demonstration-drafter", "demonstration-leaver"
PEOPLE = {
    DRAFTER: ("演示乡镇规划员", "花垣县双龙镇人民政府（演示）"),
    LEAVER: ("演示离任规划员", "花垣县双龙镇人民政府（演示）"),
}
NEEDED = {"roads": 4, "water-works": 3, "toilets": 1}


def seed(seeding: Seeding) -> dict[str, int]:
    """Three plans at different stages, three conflicts and held edits, all in 花垣县."""
    features = {name: _features(name, count) for name, count in NEEDED.items()}
    if any(len(features[name]) < count for name, count in NEEDED.items()):
        return {"plans": 0, "conflicts": 0}
    drafter, leaver = _person(DRAFTER), _person(LEAVER)
    _grant(drafter, ended=False)
    _grant(leaver, ended=True)
    roads, works = features["roads"], features["water-works"]
    plans = [
        _submitted(drafter, seeding.actor, roads[0], works[0]),
        _approved(drafter, seeding.actor, works[1]),
        _returned(drafter, seeding.actor, features["toilets"][0]),
    ]
    _disagreement(drafter, seeding.actor, roads[1])
    _deletion(drafter, seeding.actor, works[2])
    _held(leaver, roads[2])
    settlement = Submission.Settlement.OPEN
    made = Submission.objects.filter(author__in=[drafter, leaver], settlement=settlement)
    conflicts = made.count()
    seeding.report(f"  editing: {len(plans)} plans, {conflicts} conflicts")
    return {"plans": len(plans), "conflicts": conflicts}


def clear(actor: User) -> dict[str, int]:
    """Open conflicts are dismissed, for no record of them can go; so does what was applied stay in
    the journal. The people stay, as all accounts do."""
    ours = User.objects.filter(username__in=PEOPLE)
    plans = Plan.objects.filter(author__in=ours).exclude(state=Plan.State.APPLIED)
    PlannedEdit.objects.filter(plan__in=plans).delete()
    numbers = list(plans.values_list("pk", flat=True))
    Plan.objects.filter(pk__in=numbers).delete()
    settlement = Submission.Settlement.OPEN
    conflicts = list(Submission.objects.filter(author__in=ours, settlement=settlement))
    for each in conflicts:
        editing.dismiss(actor=actor, uid=each.uid)
    return {"plans": len(numbers), "conflicts": len(conflicts)}


def _features(name: str, count: int) -> list[Feature]:
    inside = Scope.of([division_prefix(HOME_COUNTY)]).q()
    rows = layer_named(name).rows.filter(inside, demonstration=True, geom_3857__isnull=False)
    return list(rows.order_by("code")[:count])


def _person(username: str) -> User:
    name, office = PEOPLE[username]
    user, created = User.objects.get_or_create(
        username=username, defaults={"first_name": name, "office": office, "demonstration": True}
    )
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def _grant(user: User, *, ended: bool) -> None:
    now = timezone.now()
    Grant.objects.get_or_create(
        user=user,
        role=Role.PLANNER,
        division=Division.objects.get(pk=HOME_COUNTY),
        defaults={
            "granted_at": now - timedelta(days=90),
            "revoked_at": now - timedelta(days=3) if ended else None,
        },
    )


def _edit(feature: Feature, operation: Operation, **more: Any) -> EditRequest:
    layer = next(name for name in NEEDED if isinstance(feature, layer_named(name).model))
    return EditRequest(uuid.uuid4(), layer, operation, feature.pk, feature.version, **more)


def _rerouted(road: Feature, name: str, width: str, east: float, north: float) -> EditRequest:
    """A road with a vertex moved, and the length and end stake that it has then."""
    shape = _moved(road, east, north)
    metres = measure(shapely.from_geojson(json.dumps(shape)))
    start = float(getattr(road, "start_stake_km", None) or 0)
    values = {
        "name": f"{road.name}（{name}）",
        "surface_width_m": width,
        "length_m": round(metres, 1),
        "end_stake_km": round(start + metres / 1000, 3),
    }
    return _edit(road, Operation.UPDATE, geometry=shape, properties=values)


def _moved(feature: Feature, east: float, north: float) -> dict[str, Any]:
    """Its point, or the second vertex of its first line, shifted by degrees; GeoJSON."""
    if feature.geom.geom_type == "Point":
        return {
            "type": "Point",
            "coordinates": [feature.geom.x + east, feature.geom.y + north],
        }
    lines = [[list(xy) for xy in line.coords] for line in feature.geom]
    middle = lines[0][len(lines[0]) // 2]
    middle[0], middle[1] = middle[0] + east, middle[1] + north
    return {"type": "MultiLineString", "coordinates": lines}


def _draft(author: User, title: str, purpose: str, *edits: EditRequest) -> Plan:
    plan = planning.draft(actor=author, title=title, purpose=purpose, division=HOME_COUNTY)
    planning.add_edits(actor=author, number=plan.pk, requests=edits)
    return plan


def _submitted(author: User, colleague: User, road: Feature, work: Feature) -> Plan:
    """One that waits for review, with an edit of every usual kind."""
    new = EditRequest(
        uuid.uuid4(),
        "assets",
        Operation.CREATE,
        geometry={"type": "Point", "coordinates": list(work.geom.coords)},
        properties={"name": "幸福院（演示方案）", "asset_class": "public", "state": "in_use"},
    )
    plan = _draft(
        author,
        "双龙镇通村公路提质改造（演示）",
        "砂石路面改为水泥路面，弯道取直；水厂按实测位置校正，旁建幸福院。",
        _edit(road, Operation.UPDATE, geometry=_moved(road, 0.0004, 0.0003)),
        _edit(work, Operation.UPDATE, geometry=_moved(work, 0.0003, 0.0001)),
        new,
    )
    other = "cement" if getattr(road, "surface", "") == "asphalt" else "asphalt"
    planning.add_edits(
        actor=author,
        number=plan.pk,
        requests=[_edit(road, Operation.UPDATE, properties={"surface": other, "lanes": 2})],
    )
    planning.comment(actor=colleague, number=plan.pk, text="弯道处请核对用地红线。")
    planning.submit_for_review(actor=author, number=plan.pk)
    return plan


def _approved(author: User, reviewer: User, work: Feature) -> Plan:
    plan = _draft(
        author,
        "供水工程服务人口更新（演示）",
        "按2024年年底统计更新。",
        _edit(work, Operation.UPDATE, properties={"people_served": 860}),
    )
    planning.submit_for_review(actor=author, number=plan.pk)
    planning.approve(actor=reviewer, number=plan.pk, text="数据与统计一致，同意。")
    return plan


def _returned(author: User, reviewer: User, toilet: Feature) -> Plan:
    plan = _draft(
        author,
        "撤销重复登记的户厕（演示）",
        "",
        _edit(toilet, Operation.DELETE),
    )
    planning.submit_for_review(actor=author, number=plan.pk)
    planning.send_back(actor=reviewer, number=plan.pk, text="请附现场核查照片，再提交。")
    return plan


def _disagreement(author: User, colleague: User, road: Feature) -> None:
    """Both changed the name, a width and the same vertex, each in another way."""
    mine = _rerouted(road, "改线", "5.50", 0.0006, 0.0002)
    theirs = _rerouted(road, "一期", "4.50", -0.0003, 0.0005)
    editing.submit(actor=colleague, request=replace(theirs, reason="竣工测量（演示）"))
    editing.submit(actor=author, request=mine)


def _deletion(author: User, colleague: User, work: Feature) -> None:
    served = 1 + (getattr(work, "people_served", None) or 0)
    theirs = _edit(work, Operation.UPDATE, properties={"people_served": served})
    editing.submit(actor=colleague, request=replace(theirs, reason="人口核定（演示）"))
    editing.submit(actor=author, request=_edit(work, Operation.DELETE))


def _held(author: User, road: Feature) -> None:
    """Made while the grant was in force, received after it ended."""
    late = _edit(
        road,
        Operation.UPDATE,
        properties={"keeper": "双龙镇公路养护站", "mqi": "82.5"},
        captured_at=timezone.now() - timedelta(days=5),
        device="demonstration",
    )
    editing.submit(actor=author, request=late)
