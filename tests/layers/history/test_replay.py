"""Any sequence of edits: the layer as of each moment is what a replay in Python remembers."""

import uuid
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.editing import service
from layers.editing.request import EditRequest
from layers.editing.rows import state_of
from layers.errors import BadRequest, NotFound
from layers.history.versions import state_at_version
from layers.models import Edit, Operation, User
from layers.registry import layer_named
from tests.conftest import ATTRIBUTES, IN_HUAYUAN, place
from tests.layers.history.test_as_of import rows_at
from tests.layers.journal.conftest import findings

TOILETS = layer_named("toilets")
LON, LAT = IN_HUAYUAN

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["create", "name", "move", "both", "nothing", "delete", "restore"]),
        st.integers(0, 2),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=8,
)


def request(step: str, feature: int | None, version: int, value: int) -> EditRequest:
    moved = place("toilets", LON + value * 1e-4, LAT)
    named = {"name": f"名{value}"}
    operation = step if step in {"create", "delete", "restore"} else "update"
    return EditRequest(
        uid=uuid.uuid4(),
        layer="toilets",
        operation=Operation(operation),
        feature_id=feature,
        base_version=None if operation == "create" else version,
        geometry=moved if step in {"create", "move", "both"} else None,
        properties=ATTRIBUTES["toilets"]
        if step == "create"
        else named
        if step in {"name", "both"}
        else {},
    )


@pytest.mark.django_db
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_the_layer_as_of_each_edit_is_what_the_edits_left_behind(
    steward: User, steps: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        features: list[int] = []
        remembered: list[tuple[Any, dict[int, dict[str, Any]]]] = []
        for step, which, value in steps:
            feature = features[which % len(features)] if features and step != "create" else None
            last = Edit.objects.filter(feature_id=feature).order_by("-version").first()
            if feature is None and step != "create":
                continue
            sent = request(step, feature, last.version if last else 0, value)
            try:
                outcome = service.submit(actor=steward, request=sent)
            except (NotFound, BadRequest):
                # Deleting what is deleted, restoring what is there.
                continue
            if step == "create":
                assert outcome.feature_id
                features.append(outcome.feature_id)
            edit = Edit.objects.filter(uid=outcome.uid).first()
            if edit:
                now = {row.pk: row_of(row) for row in TOILETS.rows.filter(pk__in=features)}
                remembered.append((edit.received_at, now))
        for moment, rows in remembered:
            found = rows_at(TOILETS, moment, f"id = ANY(ARRAY{features}::bigint[])")
            assert {key: shown(row) for key, row in found.items()} == rows
        for feature in features:
            for edit in Edit.objects.filter(feature_id=feature):
                state = state_at_version(TOILETS, feature, edit.version)
                assert state == next(
                    (rows[feature]["state"] for at, rows in remembered
                     if at == edit.received_at and feature in rows), {},
                )  # fmt: skip
        connection.check_constraints()
        assert findings(full=True) == []
        transaction.set_rollback(True)


def row_of(row: Any) -> dict[str, Any]:
    return {"version": row.version, "state": state_of(TOILETS, row)}


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the past as the replay remembers it: its fields in the journal's form."""
    model = TOILETS.model.from_db(
        "default",
        [each.attname for each in TOILETS.model._meta.concrete_fields],
        [_python(each, row[each.column]) for each in TOILETS.model._meta.concrete_fields],
    )
    return {"version": row["version"], "state": state_of(TOILETS, model)}


def _python(field: Any, value: Any) -> Any:
    if value is not None and field.name in {"geom", "geom_3857"}:
        return GEOSGeometry(value)
    return value
