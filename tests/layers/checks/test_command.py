"""manage.py check_layer."""

import json
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from layers.models import User
from layers.models.feature import Feature
from layers.registry import layer_named
from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN
from tests.layers.checks.conftest import METRE, issues_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def roads(make_road: Callable[..., Feature]) -> list[Feature]:
    return [
        make_road((lon, lat), (lon, lat + 0.01), length_m=5000, division=division)
        for (lon, lat), division in ((IN_HUAYUAN, HUAYUAN), (IN_FENGHUANG, FENGHUANG))
    ]


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("check_layer", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_warnings_alone_end_well_and_errors_with_1(
    roads: list[Feature], spoil: Callable[..., None]
) -> None:
    out, err = run("roads")
    assert [line.split()[1] for line in out.splitlines()] == [i.id for i in issues_of("roads")]
    assert "road-length        2" in err
    spoil(roads[0], surface="gold")
    with pytest.raises(SystemExit) as end:
        run("roads")
    assert end.value.code == 1
    run("roads", "--rule", "road-length")


def test_a_division_narrows_the_run(roads: list[Feature]) -> None:
    out, _err = run("roads", "--division", HUAYUAN)
    assert [line.split()[1] for line in out.splitlines()] == [f"roads.road-length.{roads[0].pk}"]


def test_issues_come_as_json_and_as_geojson_too(roads: list[Feature]) -> None:
    issues = json.loads(run("roads", "--format", "json")[0])
    assert [each["feature_ids"] for each in issues] == [[road.pk] for road in roads]
    collection = json.loads(run("roads", "--format", "geojson")[0])
    assert [each["id"] for each in collection["features"]] == [each["id"] for each in issues]
    assert collection["features"][0]["geometry"] == issues[0]["place"]
    assert json.loads(run("toilets", "--format", "json")[0]) == []


def test_fixes_are_applied_by_the_right_of_the_account_named(
    roads: list[Feature], account: Callable[..., User]
) -> None:
    planner = account("planner", HUAYUAN)
    out, _err = run("roads", "--fix", "road-length", "--as", planner.username)
    assert out == "applied: 1\n"
    assert [issue.feature_ids for issue in issues_of("roads")] == [(roads[1].pk,)]
    assert run("roads", "--fix", "road-length", "--as", planner.username)[0] == "Nothing to fix.\n"


def test_fixes_that_touch_one_feature_take_turns_and_leave_no_conflict(
    make_feature: Callable[..., Feature], make_road: Callable[..., Feature], steward: User
) -> None:
    lon, lat = IN_HUAYUAN
    for number in range(4):
        make_feature("toilets", (lon, lat + number * METRE))
    assert len(issues_of("toilets")) == 6
    out, _err = run("toilets", "--fix", "near-duplicate", "--as", steward.username)
    assert out == "applied: 3\n"
    assert layer_named("toilets").rows.count() == 1
    # Two ends that look at each other: both moved, they would have changed places.
    make_road((lon, lat), (lon + 0.01, lat))
    make_road((lon + 0.01, lat + 5 * METRE), (lon + 0.01, lat + 0.01))
    assert len(issues_of("roads", "dangling-end")) == 2
    out, _err = run("roads", "--fix", "dangling-end", "--as", steward.username)
    assert out == "applied: 1\n"
    assert issues_of("roads", "dangling-end") == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["rails"],
        ["roads", "--rule", "x"],
        ["roads", "--division", "1"],
        ["roads", "--fix", "road-length"],
        ["roads", "--as", "somebody"],
        ["roads", "--fix", "road-length", "--as", "nobody"],
    ],
)
def test_bad_usage_is_told_from_issues_found(arguments: list[str]) -> None:
    with pytest.raises(CommandError) as error:
        run(*arguments)
    # What argparse refuses itself ends the process with 2.
    assert error.value.returncode == 2 or "invalid choice" in str(error.value)
