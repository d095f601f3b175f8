"""Columns and cells: the fast ways give what the editing service's own rule gives."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers.columns import CellReason, ColumnReader
from importers.matching import match
from layers.editing.values import ValueProblem, read_value
from layers.errors import Rejected
from layers.registry import LAYERS

TOILETS = LAYERS["toilets"]


@pytest.fixture
def reader(db: None) -> ColumnReader:
    return ColumnReader(TOILETS)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None
)
@given(text=st.text(max_size=70) | st.text(" 三组\t\u3000\x00", max_size=70))
def test_plain_text_is_read_as_the_editing_service_reads_it(reader, text):
    field = TOILETS.by_name["village_group"]
    [taken] = reader.converter(field)([text])
    try:
        expected = read_value(TOILETS, field, text.strip(), reader.lists)
    except ValueProblem:
        assert isinstance(taken, CellReason)
        return
    assert taken == expected


@pytest.mark.parametrize(
    ("field", "cell", "expected"),
    [
        ("completed_on", "2020年5月1日", "2020-05-01"),
        ("completed_on", 20200501, "2020-05-01"),
        ("room_area_m2", "３.５", "3.50"),
        ("squat_places", "4.0", "4"),
        ("squat_places", float("nan"), None),
        ("publicly_funded", "是", "true"),
        ("publicly_funded", 0, "false"),
        ("publicly_funded", "N", "false"),
        ("toilet_type", "三格式", "three_chamber"),
        ("toilet_type", "Three-Chamber Tank", "three_chamber"),
        ("toilet_type", "double_urn", "double_urn"),
        ("division", 433124110226.0, "433124110226"),
        ("division", "433124", "433124000000"),
        ("division", "十八洞村", "433124110226"),
        ("phone", 13800000000, "13800000000"),
    ],
)
def test_cells_as_people_write_them(reader, field, cell, expected):
    [taken] = reader.converter(TOILETS.by_name[field])([cell])
    assert taken == expected


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("toilet_type", 1),
        ("toilet_type", "１"),
        ("toilet_type", "别的"),
        ("publicly_funded", "也许"),
        ("completed_on", "2020-13-01"),
        ("squat_places", "4.5"),
        ("division", "433199000000"),
        ("division", "430000000000"),
        ("division", "和平村"),
        ("division", "没有这个村"),
        ("village_group", "x" * 61),
    ],
)
def test_cells_that_are_rejected_say_why_in_both_languages(reader, field, cell):
    [taken] = reader.converter(TOILETS.by_name[field])([cell])
    assert isinstance(taken, CellReason)
    assert taken.phrase().en
    assert taken.phrase().zh != taken.phrase().en


def test_a_label_wins_over_an_alias_and_the_loser_is_listed():
    matches = match(TOILETS, ["类型", "改厕类型", "类别"])
    assert matches.columns["toilet_type"] == "改厕类型"
    assert matches.unmatched == ("类型",)


def test_a_cut_name_that_could_be_two_fields_is_left_alone():
    sites = LAYERS["resettlement-sites"]
    columns = ["name", "setting", "households", "people", "has_c"]
    assert match(sites, columns, names_cut=5).unmatched == ("has_c",)


def test_a_required_field_without_a_column_refuses_the_file():
    with pytest.raises(Rejected):
        match(TOILETS, ["类别"])
