"""A layer as it was at a moment, read in place of its table."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from psycopg2 import sql

from layers.editing.request import Outcome
from layers.history.as_of import MADE_ANEW, difference_at, relation_at
from layers.models import Edit, Operation
from layers.models.feature import Feature
from layers.registry import LAYERS, Layer, layer_named
from tests.conftest import HUAYUAN, IN_FENGHUANG, IN_HUAYUAN, place

TOILETS = layer_named("toilets")
Row = dict[str, Any]


def rows_at(layer: Layer, moment: datetime, condition: str = "TRUE") -> dict[int, Row]:
    statement = sql.SQL("SELECT * FROM {} AS past WHERE {}").format(
        relation_at(layer, moment), sql.SQL(condition)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert len({row["id"] for row in rows}) == len(rows)
    assert_now_and_the_difference_are(layer, moment)
    return {row["id"]: row for row in rows}


COUNTED = """
SELECT division, county, morton, upkeep_state, sum(change)
FROM ({rows}) AS counted GROUP BY 1, 2, 3, 4 HAVING sum(change) <> 0 ORDER BY 1, 2, 3, 4
"""


def assert_now_and_the_difference_are(layer: Layer, moment: datetime) -> None:
    """What is counted of the past rows is what is counted of those of now and the difference."""
    columns = "SELECT 1 AS change, division, county, morton, upkeep_state FROM {} AS rows"
    then = sql.SQL(columns).format(relation_at(layer, moment))
    now = sql.SQL(columns + " UNION ALL SELECT * FROM {} AS difference").format(
        sql.Identifier(layer.table), difference_at(layer, moment)
    )
    found = []
    with connection.cursor() as cursor:
        for rows in (then, now):
            cursor.execute(sql.SQL(COUNTED).format(rows=rows))
            found.append(cursor.fetchall())
    assert found[0] == found[1]


def row_now(layer: Layer, feature: Feature) -> Row:
    statement = sql.SQL("SELECT * FROM {} WHERE id = %s").format(sql.Identifier(layer.table))
    with connection.cursor() as cursor:
        cursor.execute(statement, [feature.pk])
        names = [column.name for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


def last_received(feature_id: int) -> datetime:
    return Edit.objects.filter(feature_id=feature_id).order_by("-version")[0].received_at


@pytest.fixture
def toilet(make_feature: Callable[..., Feature]) -> Feature:
    return make_feature("toilets", division=HUAYUAN, keeper="张三")


@pytest.mark.parametrize("name", LAYERS)
def test_a_past_state_has_every_column_of_the_table(
    make_feature: Callable[..., Feature], edit: Callable[..., Outcome], name: str
) -> None:
    layer = layer_named(name)
    feature = make_feature(name)
    before = row_now(layer, feature)
    moment = last_received(feature.pk)
    edit(name, "update", feature, name="改名", geometry=place(name, *IN_FENGHUANG))
    now = rows_at(layer, datetime.now(UTC))[feature.pk]
    then = rows_at(layer, moment)[feature.pk]
    assert now == row_now(layer, feature)
    # A row made from the journal takes its times from there.
    assert then.pop("updated_at") == moment
    assert then == {key: value for key, value in before.items() if key != "updated_at"}


def test_every_generated_column_is_made_anew() -> None:
    for layer in LAYERS.values():
        generated = {field.name for field in layer.model._meta.fields if field.generated}
        assert generated == set(MADE_ANEW) - {"id"}


def test_an_edited_feature_is_as_each_of_its_edits_left_it(
    toilet: Feature, edit: Callable[..., Outcome]
) -> None:
    moments = [last_received(toilet.pk)]
    for keeper in ("李四", "王五"):
        toilet.refresh_from_db()
        edit("toilets", "update", toilet, keeper=keeper)
        moments.append(last_received(toilet.pk))
    for version, (moment, keeper) in enumerate(
        zip(moments, ("张三", "李四", "王五"), strict=True), start=1
    ):
        row = rows_at(TOILETS, moment)[toilet.pk]
        assert (row["version"], row["keeper"]) == (version, keeper)


def test_what_was_deleted_since_is_there_and_personal_data_is_whole(
    make_feature: Callable[..., Feature], edit: Callable[..., Outcome]
) -> None:
    toilet = make_feature("toilets", division=HUAYUAN, householder="赵六")
    moment, before = last_received(toilet.pk), row_now(TOILETS, toilet)
    edit("toilets", "delete", toilet)
    row = rows_at(TOILETS, moment)[toilet.pk]
    assert bytes(row["personal"]) == bytes(before["personal"])
    assert toilet.pk not in rows_at(TOILETS, datetime.now(UTC))


def test_what_was_made_or_restored_since_is_not_there(
    toilet: Feature, edit: Callable[..., Outcome]
) -> None:
    made = last_received(toilet.pk)
    assert toilet.pk not in rows_at(TOILETS, made - timedelta(microseconds=1))
    edit("toilets", "delete", toilet)
    deleted = last_received(toilet.pk)
    edit("toilets", "restore", toilet)
    restored = last_received(toilet.pk)
    assert toilet.pk in rows_at(TOILETS, made)
    assert toilet.pk not in rows_at(TOILETS, deleted)
    assert rows_at(TOILETS, restored)[toilet.pk]["version"] == 3


def test_conditions_ask_about_the_past_place_and_division(
    toilet: Feature, edit: Callable[..., Outcome]
) -> None:
    moment = last_received(toilet.pk)
    edit("toilets", "update", toilet, geometry=place("toilets", *IN_FENGHUANG))
    box = "geom && ST_Expand(ST_SetSRID(ST_MakePoint({}, {}), 4490), 0.001)"
    assert toilet.pk in rows_at(TOILETS, moment, box.format(*IN_HUAYUAN))
    assert toilet.pk not in rows_at(TOILETS, moment, box.format(*IN_FENGHUANG))
    assert toilet.pk in rows_at(TOILETS, moment, f"county = '{HUAYUAN[:6]}'")


def test_edits_whose_times_crossed_leave_no_state_that_never_was(
    toilet: Feature, steward: Any
) -> None:
    """Version 3 was received before version 2: between them stands version 1."""
    start = last_received(toilet.pk)
    for version, seconds, keeper, old in ((2, 20, "李四", "张三"), (3, 10, "王五", "李四")):
        Edit.objects.create(
            uid=f"00000000-0000-4000-8000-00000000000{version}",
            changeset_id=toilet.changeset_id,
            layer="toilets",
            feature_id=toilet.pk,
            operation=Operation.UPDATE,
            outcome="applied",
            version=version,
            old={"keeper": old},
            new={"keeper": keeper},
            author=steward,
            received_at=start + timedelta(seconds=seconds),
        )
    row = rows_at(TOILETS, start + timedelta(seconds=15))[toilet.pk]
    assert (row["version"], row["keeper"]) == (1, "张三")


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        relation_at(TOILETS, datetime(2026, 1, 1))  # noqa: DTZ001
