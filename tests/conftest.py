"""What tests of the whole tree share: reference data, accounts, and features made by edits."""

import itertools
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from layers.editing import service
from layers.editing.request import EditRequest, Outcome
from layers.models import Division, Grant, Operation, User, Zone
from layers.models.feature import Feature
from layers.registry import layer_named
from tests.template import ensure_template, template_name

HUAYUAN = "433124000000"
SHIBADONG = "433124110226"
FENGHUANG = "433123000000"
XIANGXI = "433100000000"

# A place in the middle of 花垣县 and one in 凤凰县.
IN_HUAYUAN = (109.4820, 28.5700)
IN_FENGHUANG = (109.5990, 27.9480)


# How long a machine takes for an example, or to think of one, is no property of the code.
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")


def pytest_configure() -> None:
    """Accounts are made by the hundred; their passwords need no slow hash here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from tests.scheduling import DearestFirst

    return DearestFirst(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def template(django_db_blocker: Any) -> str:
    """The name of a database with the real divisions, boundaries, zones and code lists."""
    with django_db_blocker.unblock():
        return ensure_template(template_name())


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, template: str) -> None:
    """Each process's test database is a copy of the template; its migrations are all done."""
    connection.settings_dict["TEST"]["TEMPLATE"] = template


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    name = str(connection.settings_dict["NAME"])
    if not name.startswith("test_"):
        raise RuntimeError(f"{name} is not a test database: nothing is written to it")
    with django_db_blocker.unblock():
        _flush_only_what_tests_write()


def _flush_only_what_tests_write() -> None:
    """After a test with real commits: reference data stays, and the guards let TRUNCATE pass.

    The database refuses to empty the journal and the layers; only a superuser can silence its
    triggers, and only here, in a test database.
    """
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        kept = {name for name in tables if _holds_rows(cursor, name)}
    statements = connection.ops.sql_flush

    def sql_flush(style: Any, tables: list[str], **options: Any) -> list[str]:
        emptied = [name for name in tables if name not in kept]
        silenced = "SET LOCAL session_replication_role = replica"
        return [silenced, *statements(style, emptied, **options)]

    connection.ops.sql_flush = sql_flush


def _holds_rows(cursor: Any, table: str) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT FROM {connection.ops.quote_name(table)})")
    return bool(cursor.fetchone()[0])


@pytest.fixture
def account(db: None) -> Callable[..., User]:
    """Makes an account with one grant: `account("planner", HUAYUAN)` or `zone="luoxiao"`."""
    numbers = itertools.count(1)

    def make(role: str | None = None, division: str | None = None, zone: str | None = None) -> User:
        user = User.objects.create_user(f"{role or 'nobody'}-{next(numbers)}", password="pass-1234")
        if role:
            Grant.objects.create(
                user=user,
                role=role,
                division=Division.objects.get(pk=division) if division else None,
                zone=Zone.objects.get(pk=zone) if zone else None,
            )
        return user

    return make


@pytest.fixture
def steward(account: Callable[..., User]) -> User:
    """May edit everywhere: who sets a test's scene."""
    return account("steward", "430000000000")


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


ATTRIBUTES: dict[str, dict[str, Any]] = {
    "resettlement-sites": {
        "name": "幸福安置点",
        "setting": "rural",
        "households": 80,
        "people": 320,
    },
    "roads": {"name": "村组路", "admin_class": "village", "surface": "cement", "length_m": 1200},
    "water-works": {"name": "山泉水厂", "kind": "over_100", "people_served": 420},
    "toilets": {"category": "household", "toilet_type": "three_chamber"},
    "assets": {"name": "文化广场", "asset_class": "public", "state": "in_use"},
}


def place(layer: str, lon: float, lat: float) -> dict[str, Any]:
    """GeoJSON of the layer's kind at a place."""
    if layer_named(layer).geometry == "line":
        return {"type": "LineString", "coordinates": [[lon, lat], [lon + 0.01, lat + 0.005]]}
    return {"type": "Point", "coordinates": [lon, lat]}


@pytest.fixture
def edit(steward: User) -> Callable[..., Outcome]:
    """Sends one edit through the service: `edit("roads", "update", feature, name="…")`."""

    def send(
        layer: str,
        operation: str,
        feature: Feature | None = None,
        *,
        actor: User | None = None,
        base_version: int | None = None,
        geometry: dict[str, Any] | None = None,
        uid: uuid.UUID | None = None,
        **properties: Any,
    ) -> Outcome:
        request = EditRequest(
            uid=uid or uuid.uuid4(),
            layer=layer,
            operation=Operation(operation),
            feature_id=feature.pk if feature else None,
            base_version=base_version or (feature.version if feature else None),
            geometry=geometry,
            properties=properties,
        )
        return service.submit(actor=actor or steward, request=request)

    return send


@pytest.fixture
def make_feature(edit: Callable[..., Outcome]) -> Callable[..., Feature]:
    """A new feature of a layer: `make_feature("toilets", IN_HUAYUAN, category="public")`."""

    def make(layer: str, at: tuple[float, float] = IN_HUAYUAN, **properties: Any) -> Feature:
        outcome = edit(
            layer, "create", geometry=place(layer, *at), **{**ATTRIBUTES[layer], **properties}
        )
        assert outcome.feature_id, outcome
        return layer_named(layer).rows.get(pk=outcome.feature_id)

    return make


@pytest.fixture
def make_features(steward: User) -> Callable[..., list[Feature]]:
    """Many new features of a layer in one batch, which costs little more than one of them:
    `make_features("roads", [(geometry, {"admin_class": "county"}), …])`."""

    def make(layer: str, told: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> list[Feature]:
        requests = [
            EditRequest(
                uid=uuid.uuid4(),
                layer=layer,
                operation=Operation.CREATE,
                feature_id=None,
                base_version=None,
                geometry=geometry,
                properties={**ATTRIBUTES[layer], **properties},
            )
            for geometry, properties in told
        ]
        ids = [each.feature_id for each in service.submit_all(actor=steward, requests=requests)]
        made = layer_named(layer).rows.in_bulk(ids)
        return [made[feature_id] for feature_id in ids]

    return make
