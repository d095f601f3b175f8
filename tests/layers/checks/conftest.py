"""Roads by their vertices, and rows that got past the service."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from layers.access.policy import EVERYTHING, Scope
from layers.checks.running import check_layer
from layers.checks.specification import Issue
from layers.editing.request import Outcome
from layers.models.feature import Feature
from layers.registry import layer_named
from tests.conftest import ATTRIBUTES

METRE = 1 / 111_320
"""Degrees of latitude, roughly."""


@pytest.fixture
def make_road(edit: Callable[..., Outcome]) -> Callable[..., Feature]:
    """A road by its vertices: `make_road((109.4, 28.5), (109.41, 28.5), name="…")`."""

    def make(*vertices: tuple[float, float], **properties: Any) -> Feature:
        shape = {"type": "LineString", "coordinates": [list(each) for each in vertices]}
        values = {**ATTRIBUTES["roads"], "length_m": None, **properties}
        outcome = edit("roads", "create", geometry=shape, **values)
        assert outcome.feature_id, outcome
        return layer_named("roads").rows.get(pk=outcome.feature_id)

    return make


@pytest.fixture
def spoil(db: None) -> Callable[..., None]:
    """Sets columns of a row behind the service's back, as an old import might have."""

    def write(feature: Feature, **values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            type(feature)._default_manager.filter(pk=feature.pk).update(**values)
            cursor.execute("SET LOCAL session_replication_role = origin")

    return write


def issues_of(layer: str, *rules: str, scope: Scope = EVERYTHING) -> list[Issue]:
    return list(check_layer(layer_named(layer), scope, rules or None))


def ids_of(layer: str, *rules: str, scope: Scope = EVERYTHING) -> list[tuple[int, ...]]:
    return [issue.feature_ids for issue in issues_of(layer, *rules, scope=scope)]
