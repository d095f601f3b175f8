"""Headings as county offices write them find their fields."""

from decimal import Decimal

import pytest

from importers.interpretation import ColumnChoice, Interpretation
from importers.matching.abbreviations import names_of
from importers.matching.columns import ColumnProposal, Matcher
from importers.matching.contents import Contents
from importers.matching.headers import read_header
from importers.matching.likeness import Cut
from importers.matching.names import plain
from importers.matching.pinyin import initials
from importers.matching.units import unit_named
from importers.readers.specification import Column
from layers.errors import Rejected
from layers.registry import LAYERS
from tests.importers.matching.headings import CUT_ROWS, HEADER_ROWS

ROWS = [(layer, row) for layer, rows in HEADER_ROWS.items() for row in rows]


def proposed(
    layer: str,
    columns: list[str],
    *,
    cut: Cut | None = None,
    stated: dict[str, str] | None = None,
    remembered: Interpretation | None = None,
) -> ColumnProposal:
    """By the headings alone."""
    fields = LAYERS[layer]
    matcher = Matcher(
        fields, [Column(name, "string") for name in columns], Contents(fields, {}, None, None), cut
    )
    return matcher.propose(stated or {}, remembered)


def chosen(found: ColumnProposal) -> dict[str, str]:
    return {choice.column: name for name, choice in found.choices.items() if choice.column}


@pytest.mark.parametrize(("layer", "row"), ROWS)
def test_the_headings_of_an_office_find_their_fields(layer, row):
    found = proposed(layer, list(row))
    wanted = {column: field for column, field in row.items() if field}
    levels = set(found.division_columns)
    assert {c: f for c, f in chosen(found).items() if c not in levels} == wanted


def test_the_corpus_is_as_large_as_it_is_said_to_be():
    assert sum(bool(field) for _layer, row in ROWS for field in row.values()) >= 60
    assert {layer for layer, _row in ROWS} == set(LAYERS)


@pytest.mark.parametrize(("layer", "encoding", "row"), CUT_ROWS)
def test_names_cut_by_a_dbf_are_recognised_where_only_one_field_begins_so(layer, encoding, row):
    found = proposed(layer, list(row), cut=Cut(10, encoding))
    assert chosen(found) == row


@pytest.mark.parametrize("layer", LAYERS)
def test_no_name_of_a_field_is_another_fields_too(layer):
    owners: dict[str, set[str]] = {}
    for field in LAYERS[layer].fields:
        for name in names_of(field):
            owners.setdefault(plain(name), set()).add(field.name)
    assert {name: fields for name, fields in owners.items() if len(fields) > 1} == {}


@pytest.mark.parametrize("layer", LAYERS)
def test_every_field_is_found_by_each_of_its_own_names(layer):
    for field in LAYERS[layer].fields:
        for name in names_of(field):
            found = chosen(proposed(layer, [name]))
            assert found.get(name) == field.name, name


@pytest.mark.parametrize(
    ("layer", "column", "field", "factor"),
    [
        ("roads", "里程（公里）", "length_m", "1000"),
        ("roads", "里程/千米", "length_m", "1000"),
        ("roads", "length_km", "length_m", "1000"),
        ("roads", "里程（米）", "length_m", None),
        ("roads", "起点桩号（米）", "start_stake_km", "0.001"),
        ("roads", "路面宽（厘米）", "surface_width_m", "0.01"),
        ("assets", "资产原值（万元）", "original_value_yuan", "10000"),
        ("assets", "投资（亿元） 金额", "funds_yuan", "100000000"),
        ("assets", "总投资万元", "funds_yuan", "10000"),
        ("assets", "净值（元）", "net_value_yuan", None),
        ("toilets", "面积（亩）", "room_area_m2", "666.6666666666666666666666667"),
        ("toilets", "面积/公顷", "room_area_m2", "10000"),
        ("toilets", "容积（方）", "tank_volume_m3", None),
        ("toilets", "容积（升）", "tank_volume_m3", "0.001"),
        ("water-works", "供水规模（万吨/日）", "daily_capacity_m3", "10000"),
        ("water-works", "供水规模（吨）", "daily_capacity_m3", None),
        ("water-works", "受益人口（万人）", "people_served", "10000"),
        ("water-works", "水价（元/m³）", "water_fee_per_m3", None),
    ],
)
def test_a_unit_in_the_heading_becomes_a_factor(layer, column, field, factor):
    choice = proposed(layer, [column]).choices[field]
    assert choice.factor == (None if factor is None else Decimal(factor))


@pytest.mark.parametrize(
    ("layer", "column"),
    [
        ("roads", "里程（亩）"),
        ("roads", "路面宽度（万元）"),
        ("toilets", "面积（公里）"),
        ("assets", "原值（米）"),
    ],
)
def test_a_unit_that_cannot_be_the_fields_leaves_the_column_out_and_says_so(layer, column):
    found = proposed(layer, [column])
    assert found.unmatched == (column,)
    assert any(column in finding.text.zh for finding in found.findings if not finding.must)


def test_what_is_only_similar_is_proposed_and_asked_about():
    found = proposed("roads", ["路线名称", "行政等级", "路面总宽度"])
    choice = found.choices["surface_width_m"]
    assert 0.3 < choice.confidence < 0.75
    [question] = [each for each in found.findings if each.about == "surface_width_m"]
    assert question.must
    assert [value for value, _text in question.options][:2] == ["路面总宽度", ""]


@pytest.mark.parametrize(
    ("layer", "column", "not_field"),
    [
        ("resettlement-sites", "安置村数", "people"),
        ("roads", "路肩宽度", "surface_width_m"),
        ("roads", "序号", "section_no"),
        ("water-works", "供水面积", "people_served"),
        ("toilets", "电话费用", "phone"),
        ("toilets", "户主关系", "householder"),
    ],
)
def test_names_that_mean_something_else_are_not_taken(layer, column, not_field):
    assert not_field not in proposed(layer, [column]).choices


def test_a_required_field_without_a_column_is_asked_with_the_columns_left_over():
    found = proposed("toilets", ["改厕类型", "甲", "乙"])
    [question] = [each for each in found.findings if each.about == "category"]
    assert question.must
    assert [value for value, _text in question.options] == ["甲", "乙"]


def test_two_columns_that_are_equally_good_are_asked_about():
    found = proposed("roads", ["路名", "道路名称", "行政等级"])
    [question] = [each for each in found.findings if each.about == "name"]
    assert {"路名", "道路名称"} <= {value for value, _text in question.options}


def test_what_is_stated_goes_before_the_profile_and_that_before_the_names():
    columns = ["名称", "类别", "改厕类型", "甲", "乙"]
    remembered = Interpretation(
        columns={"toilet_type": ColumnChoice("甲"), "category": ColumnChoice("乙")}
    )
    found = proposed("toilets", columns, stated={"category": "类别"}, remembered=remembered)
    assert found.choices["category"] == ColumnChoice("类别", 1.0, "stated")
    assert (found.choices["toilet_type"].column, found.choices["toilet_type"].how) == (
        "甲",
        "profile",
    )
    assert found.unmatched == ("改厕类型", "乙")


def test_a_stated_column_keeps_its_unit_and_an_empty_one_leaves_the_field_out():
    found = proposed("roads", ["长（公里）", "里程"], stated={"里程": "长（公里）", "name": ""})
    assert found.choices["length_m"].factor == 1000
    assert "name" not in found.choices
    assert found.unmatched == ("里程",)


@pytest.mark.parametrize(
    "stated", [{"没有": "里程"}, {"name": "没有"}, {"name": "里程", "code": "里程"}]
)
def test_a_statement_about_what_is_not_there_is_refused(stated):
    with pytest.raises(Rejected):
        proposed("roads", ["里程"], stated=stated)


def test_columns_of_county_township_and_village_are_the_division_from_the_top_down():
    found = proposed("toilets", ["村名称", "所在乡镇", "县（市、区）", "类别"])
    assert found.division_columns == ("县（市、区）", "所在乡镇", "村名称")
    assert found.choices["division"].column == "村名称"
    assert found.unmatched == ()
    coded = proposed("toilets", ["县", "乡镇", "村", "区划代码"])
    assert coded.division_columns == ()
    assert coded.choices["division"].column == "区划代码"


@pytest.mark.parametrize(
    ("column", "unit"),
    [
        ("投资（万元） 中央", "万元"),
        ("面积\n（单位：㎡）", "㎡"),
        ("里程/公里", "公里"),
        ("length_km", "km"),
        ("名称/Name", ""),
    ],
)
def test_the_unit_of_a_heading_is_found_wherever_it_is(column, unit):
    assert read_header(column).unit == unit_named(unit)


def test_initials_know_characters_that_are_read_in_two_ways():
    assert initials("行政等级") == {"xzdj", "hzdj"}
    assert initials("面层类型") == {"mclx"}
    assert initials("ABC") == set()
