"""Two counties with one of everything in each; and much more in the other one, to be taken away.

All of it stands in one transaction that is rolled back at the end.
"""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from gisapp.maintenance.models import Defect, UpkeepOutcome, UpkeepRecord
from gisapp.maintenance.services import Report, report_upkeep
from gisapp.projects.models import Funding, Project, ProjectFeature
from gisapp.verification.models import PositionSource, Verdict, Visit
from gisapp.verification.services import Findings, Position, record_visit
from layers import photos
from layers.access import personal, tokens
from layers.access.roles import Role
from layers.editing import service
from layers.editing.request import EditRequest
from layers.models import AccountEvent, Division, Edit, Grant, Operation, User
from layers.plans import service as plans
from layers.plates import plate_of
from layers.registry import LAYERS
from tests.access_matrix.delivery import deliver
from tests.access_matrix.places import tile
from tests.access_matrix.rasters import ZOOM, show
from tests.conftest import ATTRIBUTES, FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN, place

PASSWORD = "matrix-pass-1"
MARKERS = {
    "householder": "滕标记户主",
    "id_number": "433124197001019876",
    "phone": "13987650000",
}
"""Personal data of every household in the scene: no answer and no log line may contain one."""


NEAR = 0.00002
"""Degrees, some 2 m: within a tile's buffer, and near enough to be taken for the same feature."""


@dataclass(frozen=True)
class Spot:
    """One of everything in one county. The toilet is a household's, and is not disclosed."""

    division: str
    at: tuple[float, float]
    features: dict[str, int]
    record: uuid.UUID
    defect: int
    visit_photo: int
    project: int
    edit: uuid.UUID
    clerk: int
    grant: int
    changeset: int
    plan: int
    planned: uuid.UUID
    conflict: uuid.UUID
    held: uuid.UUID
    delivery: uuid.UUID
    import_run: uuid.UUID
    raster: str
    zone: str = "wuling"

    @property
    def water(self) -> int:
        return self.features["water-works"]

    @property
    def toilet(self) -> int:
        return self.features["toilets"]

    @property
    def plate(self) -> str:
        return plate_of(LAYERS["toilets"], self.toilet)

    def usual(self) -> dict[str, object]:
        """Values of the path parameters by the names that most routes use."""
        return {
            "layer": "toilets",
            "name": "toilets",
            "feature_id": self.toilet,
            "code": self.plate,
            "uid": self.record,
            "project_id": self.project,
            "defect_id": self.defect,
            "photo_id": self.visit_photo,
            "user_id": self.clerk,
            "grant_id": self.grant,
        }


@dataclass
class Scene:
    """`users` by role and the names of EVERYBODY, except for who has no account.

    `border` are places a few metres beyond the inner county's border, in each neighbour.
    """

    inside: Spot
    outside: Spot
    border: list[tuple[float, float]]
    users: dict[str, User] = field(default_factory=dict)


def make_scene() -> Scene:
    steward = _account("scene-steward", Role.STEWARD, None)
    pairs = _borders(HUAYUAN)
    scene = Scene(
        inside=make_spot(steward, HUAYUAN, IN_HUAYUAN),
        outside=make_spot(steward, FENGHUANG, IN_FENGHUANG),
        border=[beyond for _within, beyond in pairs],
    )
    for within, _beyond in pairs:
        make_feature(steward, "water-works", within)
    scene.users = {role.value: _account(f"matrix-{role}", role, HUAYUAN) for role in Role}
    scene.users["nobody"] = User.objects.create_user("matrix-nobody", password=PASSWORD)
    scene.users["superuser"] = User.objects.create_superuser("matrix-superuser", password=PASSWORD)
    return scene


def add_outside(scene: Scene) -> None:
    """All kinds of data in the other county and around, as like as can be to what is inside.

    Whoever adds a kind of record that a page shows adds some of it here.
    """
    steward = User.objects.get(username="scene-steward")
    for number in range(9):
        lon, lat = IN_FENGHUANG
        make_spot(steward, FENGHUANG, (lon + number / 1000, lat))
    for at in scene.border:
        for layer in LAYERS:
            make_feature(steward, layer, at)
    gone = make_feature(steward, "roads", IN_FENGHUANG)
    _edit(steward, "roads", Operation.DELETE, feature_id=gone, base_version=1)
    waiting = make_feature(steward, "assets", IN_FENGHUANG)
    _edit(
        steward, "assets", Operation.UPDATE,
        feature_id=waiting, base_version=1, properties={"name": "文化广场二期"},
    )  # fmt: skip
    planner = _account("outside-planner", Role.PLANNER, FENGHUANG)
    Grant.objects.filter(user=planner).update(revoked_at=timezone.now(), revoked_by=steward)
    Grant.objects.create(user=planner, role=Role.STEWARD, division_id=FENGHUANG, granted_by=steward)
    tokens.create_token(actor=planner, name="QGIS", days=30)


def make_spot(steward: User, division: str, at: tuple[float, float]) -> Spot:
    features = {layer: make_feature(steward, layer, at) for layer in LAYERS}
    toilets = LAYERS["toilets"]
    record = report_upkeep(
        actor=steward,
        layer=toilets,
        feature_id=features["toilets"],
        report=Report(
            uid=uuid.uuid4(),
            done_on=timezone.localdate(),
            outcome=UpkeepOutcome.DEFECT,
            note="化粪池盖板破损",
        ),
        photo=photos.check(_picture()),
    )
    visit = record_visit(
        actor=steward,
        layer=toilets,
        feature_id=features["toilets"],
        findings=Findings(
            uid=uuid.uuid4(),
            verdict=Verdict.AS_RECORDED,
            captured_at=timezone.now(),
            notes="现场一致",
            position=Position(*at, PositionSource.MANUAL),
        ),
        photos=[photos.check(_picture())],
    )
    project = _project(division, features["toilets"])
    clerk = _account(f"clerk-{uuid.uuid4().hex[:8]}", Role.VIEWER, division)
    grant = Grant.objects.get(user=clerk)
    AccountEvent.objects.create(kind="granted", actor=steward, account=clerk, grant=grant)
    personal.unmask(
        actor=steward,
        layer=toilets,
        feature=toilets.rows.get(pk=features["toilets"]),
        reason="核对户主",
    )
    made = Edit.objects.get(layer="assets", feature_id=features["assets"])
    return Spot(
        division=division,
        at=at,
        features=features,
        record=UpkeepRecord.objects.get(pk=record.pk).uid,
        defect=Defect.objects.get(record=record).pk,
        visit_photo=Visit.objects.get(pk=visit.pk).photos.get().pk,
        project=project.pk,
        edit=made.uid,
        changeset=made.changeset_id,
        **disputes_of(steward, division, at),
        **deliver(steward, division, MARKERS),
        raster=show(steward, division, at, tile(ZOOM, *at)),
        clerk=clerk.pk,
        grant=grant.pk,
    )


def disputes_of(steward: User, division: str, at: tuple[float, float]) -> dict[str, Any]:
    """A plan under review, a conflict and a held edit, of somebody whose grant has ended since."""
    author = _account(f"author-{uuid.uuid4().hex[:8]}", Role.PLANNER, division)
    road = make_feature(steward, "roads", at)
    household = make_feature(steward, "toilets", at)
    plan = plans.draft(actor=author, title="改造户厕", purpose="", division=division)
    planned, conflict, held = (
        _change(layer, feature_id, **values)
        for layer, feature_id, values in (
            ("toilets", household, {"householder": MARKERS["householder"] + "二"}),
            ("roads", road, {"name": "村组路二"}),
            ("toilets", household, {"phone": MARKERS["phone"]}),
        )
    )
    plans.add_edits(actor=author, number=plan.pk, requests=[planned])
    plans.submit_for_review(actor=author, number=plan.pk)
    _edit(
        steward, "roads", Operation.UPDATE,
        feature_id=road, base_version=1, properties={"name": "村组路一"},
    )  # fmt: skip
    service.submit(actor=author, request=conflict)
    now = timezone.now()
    Grant.objects.filter(user=author).update(granted_at=now - timedelta(days=2), revoked_at=now)
    service.submit(actor=author, request=held)
    return {
        "plan": plan.pk,
        "planned": planned.uid,
        "conflict": conflict.uid,
        "held": held.uid,
    }


def _change(layer: str, feature_id: int, **properties: str) -> EditRequest:
    return EditRequest(
        uid=uuid.uuid4(),
        layer=layer,
        operation=Operation.UPDATE,
        feature_id=feature_id,
        base_version=1,
        properties=properties,
        captured_at=timezone.now() - timedelta(minutes=1),
    )


def make_feature(actor: User, layer: str, at: tuple[float, float]) -> int:
    personal_values = {each.name: MARKERS[each.name] for each in LAYERS[layer].personal_fields()}
    return _edit(
        actor, layer, Operation.CREATE,
        geometry=place(layer, *at), properties={**ATTRIBUTES[layer], **personal_values},
    )  # fmt: skip


def _edit(actor: User, layer: str, operation: Operation, **more: Any) -> int:
    request = EditRequest(uid=uuid.uuid4(), layer=layer, operation=operation, **more)
    outcome = service.submit(actor=actor, request=request)
    assert outcome.feature_id, outcome
    return outcome.feature_id


def _account(name: str, role: Role, division: str | None) -> User:
    user = User.objects.create_user(name, password=PASSWORD)
    Grant.objects.create(user=user, role=role, division_id=division)
    return user


def _project(division: str, toilet: int) -> Project:
    project = Project.objects.create(
        code=f"P-{uuid.uuid4().hex[:10]}",
        name="户厕改造",
        kind="construction",
        library="construction",
        division_id=division,
        planned_start=timezone.localdate(),
    )
    Funding.objects.create(project=project, source="central", planned_yuan=1_000, paid_yuan=100)
    ProjectFeature.objects.create(
        project=project, layer="toilets", feature_id=toilet, role=ProjectFeature.Role.RENOVATES
    )
    return project


def _borders(county: str) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Places just inside a county and just beyond its border, one pair for each neighbour."""
    found = []
    boundary = Division.objects.get(pk=county).boundary
    assert boundary is not None
    neighbours = Division.objects.filter(
        level=Division.Level.COUNTY, boundary__intersects=boundary.buffer(NEAR)
    ).exclude(pk=county)
    for each in neighbours:
        strip = boundary.buffer(NEAR).difference(boundary.buffer(NEAR / 2))
        beyond = strip.intersection(each.boundary)
        if not beyond.empty:
            there = beyond.point_on_surface
            here = boundary.intersection(there.buffer(2 * NEAR)).point_on_surface
            found.append(((here.x, here.y), (there.x, there.y)))
    return found


def _picture() -> SimpleUploadedFile:
    """Another picture each time: the same bytes would be one file."""
    out = BytesIO()
    Image.effect_noise((48, 32), 90).convert("RGB").save(out, "JPEG")
    return SimpleUploadedFile("photo.jpg", out.getvalue(), "image/jpeg")
