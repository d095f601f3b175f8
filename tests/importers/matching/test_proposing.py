"""The whole proposal for a file: what is understood, what is asked, and what answers do."""

import json
from decimal import Decimal

import pyarrow as pa
import pytest

from importers.interpretation import ColumnChoice, Interpretation
from importers.matching.answers import answered
from importers.matching.profiles import shape_of
from importers.matching.proposing import Matching, propose_matching
from importers.proposal import Topic
from importers.readers.specification import Column, SourceDescription
from layers.errors import Rejected
from layers.registry import LAYERS
from tests.conftest import HUAYUAN, SHIBADONG

pytestmark = pytest.mark.django_db

TOILET = {
    "序号": [1, 2, 3],
    "县": ["花垣县"] * 3,
    "乡镇": ["双龙镇"] * 3,
    "村": ["十八洞村", "双龙村", "十八洞"],
    "户主姓名": ["石大明", "龙小英", "麻建国"],
    "身份证号": ["11010519491231002X", "110105194912310038", "110105194912310046"],
    "改厕类型": ["三格式", "1-三格化粪池式", "双瓮"],
    "厕所类别": ["户厕", "户厕", "公厕"],
    "建成时间": ["2020年5月", "2020.06.01", "43952"],
    "面积（㎡）": ["2.4", "3", "2.5㎡"],
}


def propose(
    layer: str,
    columns: dict[str, list],
    *,
    stated: dict[str, str] | None = None,
    within: str = "",
    remembered: Interpretation | None = None,
) -> Matching:
    batch = pa.RecordBatch.from_pydict(columns)
    described = SourceDescription(
        "XLSX",
        tuple(Column(each.name, str(each.type)) for each in batch.schema),
        None,
        None,
        False,
        "utf-8",
        "",
        batch.num_rows,
    )
    return propose_matching(
        LAYERS[layer], described, [batch], stated=stated or {}, within=within, remembered=remembered
    )


def about(found: Matching, topic: Topic, name: str):
    [finding] = [each for each in found.findings if (each.topic, each.about) == (topic, name)]
    return finding


def test_an_offices_sheet_is_understood_and_nobody_is_shown():
    found = propose("toilets", TOILET)
    chosen = {name: choice.column for name, choice in found.interpretation.columns.items()}
    assert chosen == {
        "division": "村",
        "householder": "户主姓名",
        "id_number": "身份证号",
        "toilet_type": "改厕类型",
        "category": "厕所类别",
        "completed_on": "建成时间",
        "room_area_m2": "面积（㎡）",
    }
    assert found.interpretation.division_columns == ("县", "乡镇", "村")
    assert found.unmatched == ("序号",)
    assert not [each for each in found.findings if each.must]
    assert about(found, Topic.VALUES, "completed_on").text.zh.startswith("建成日期")
    told = json.dumps([found.samples, [str(f) for f in found.findings]], ensure_ascii=False)
    assert not [
        secret for name in ("户主姓名", "身份证号") for secret in TOILET[name] if secret in told
    ]
    assert found.samples["村"] == ("十八洞村", "双龙村", "十八洞")


def test_a_column_of_bare_numbers_must_be_explained_and_the_answer_is_kept():
    found = propose("toilets", {"改厕类型": [1, 2, 1], "类别": ["户厕"] * 3})
    questions = [each for each in found.findings if each.topic is Topic.VALUES]
    assert [(each.about, each.must) for each in questions] == [
        ("toilet_type:1", True),
        ("toilet_type:2", True),
    ]
    assert ("three_chamber", "三格化粪池式") in [(v, t.zh) for v, t in questions[0].options]
    after = found.interpretation
    for question, code in zip(questions, ("three_chamber", "double_urn"), strict=True):
        after = answered(LAYERS["toilets"], after, question, code)
    assert after.values["toilet_type"] == {"1": "three_chamber", "2": "double_urn"}
    again = propose("toilets", {"改厕类型": [1, 2], "类别": ["户厕"] * 2}, remembered=after)
    assert not [each for each in again.findings if each.topic is Topic.VALUES]
    assert again.interpretation.values == after.values


def test_an_unknown_word_is_asked_about_with_the_likest_entry_first():
    found = propose("roads", {"路线名称": ["甲"], "行政等级": ["村道"], "路面类型": ["水泥混泥土"]})
    question = about(found, Topic.VALUES, "surface:水泥混泥土")
    assert not question.must
    assert question.options[0][0] == "cement"
    assert question.options[-1][0] == ""


def test_a_ledger_of_household_toilets_needs_no_column_that_says_so():
    found = propose("toilets", {"改厕类型": ["三格式"]})
    question = about(found, Topic.COLUMNS, "category")
    assert question.must
    after = answered(LAYERS["toilets"], found.interpretation, question, "=household")
    assert after.columns["category"] == ColumnChoice("")
    assert after.values["category"] == {"": "household"}
    stated = propose("toilets", {"改厕类型": ["三格式"]}, stated={"类别": "=户厕"})
    assert stated.interpretation.values["category"] == {"": "household"}
    assert not [each for each in stated.findings if each.must]
    with pytest.raises(Rejected):
        propose("toilets", {"改厕类型": ["三格式"]}, stated={"类别": "=别的"})


def test_a_column_is_recognised_by_its_words_and_asked_about():
    found = propose("roads", {"路线名称": ["甲", "乙"], "级": ["县道", "Y乡道"]})
    assert found.interpretation.columns["admin_class"] == ColumnChoice("级", 0.6, "content")
    assert about(found, Topic.COLUMNS, "admin_class").must


def test_a_name_whose_values_do_not_fit_is_asked_about():
    found = propose("roads", {"路线名称": ["甲"], "行政等级": ["村道"], "修建年度": ["好路"]})
    question = about(found, Topic.COLUMNS, "built_year")
    assert question.must
    assert "修建年度" in question.text.zh


def test_lengths_without_a_unit_that_are_all_small_are_asked_about_once():
    columns = {"路线名称": ["甲", "乙", "丙"], "行政等级": ["村道"] * 3, "里程": [1.2, 3.4, 15]}
    found = propose("roads", columns)
    question = about(found, Topic.COLUMNS, "length_m")
    assert question.must
    after = answered(LAYERS["roads"], found.interpretation, question, "unit=1000")
    assert after.columns["length_m"].factor == Decimal(1000)
    again = propose("roads", columns, remembered=after)
    assert again.interpretation.columns["length_m"].factor == Decimal(1000)
    assert not [each for each in again.findings if each.must]
    large = propose("roads", {**columns, "里程": [1200, 3400, 15]})
    assert not [each for each in large.findings if each.about == "length_m"]


def test_identity_numbers_in_a_column_that_goes_nowhere_are_reported_not_shown():
    columns = {
        "资产名称": ["甲"],
        "类别": ["公益性"],
        "状态": ["在用"],
        "备注2": ["11010519491231002X"],
    }
    found = propose("assets", columns)
    assert "备注2" in about(found, Topic.COLUMNS, "备注2").text.zh
    assert found.samples["备注2"] == ("***",)


def test_a_number_inside_a_text_and_a_column_of_names_are_masked_too():
    columns = {"说明": ["联系 13812345678，11010519491231002X", "无"], "经办": ["王建国", "李小红"]}
    shown = propose("assets", columns).samples
    assert shown["说明"] == ("联系 ***，***", "无")
    assert shown["经办"] == ("***",)


def test_an_ambiguous_division_is_asked_about_with_its_candidates():
    columns = {"路线名称": ["甲", "乙"], "行政等级": ["村道"] * 2, "所在地": ["双龙", "十八洞村"]}
    found = propose("roads", columns, within=HUAYUAN)
    question = about(found, Topic.DIVISIONS, "双龙")
    assert {"433124110000", "433124110218"} == {code for code, _path in question.options}
    after = answered(LAYERS["roads"], found.interpretation, question, "433124110000")
    again = propose("roads", columns, remembered=after)
    assert again.interpretation.within == HUAYUAN
    assert not [each for each in again.findings if each.topic is Topic.DIVISIONS]


def test_the_key_is_the_code_or_division_and_name_or_nothing_that_repeats():
    row = {"行政等级": ["村道"] * 2, "区划代码": [SHIBADONG] * 2, "路线名称": ["甲", "乙"]}
    assert propose("roads", {**row, "路段编号": ["1", "2"]}).interpretation.key == ("code",)
    repeated = propose("roads", {**row, "路段编号": ["1", "1"]})
    assert repeated.interpretation.key == ("division", "name")
    assert about(repeated, Topic.KEY, "code")
    nothing = propose("roads", {**row, "路线名称": ["甲", "甲"]})
    assert nothing.interpretation.key == ()
    question = about(nothing, Topic.KEY, "key")
    after = answered(LAYERS["roads"], nothing.interpretation, question, "division,name")
    assert after.key == ("division", "name")


def test_the_shape_of_a_file_is_its_columns_in_any_order_and_spelling():
    roads, toilets = LAYERS["roads"], LAYERS["toilets"]
    first = [Column("路线名称", "string"), Column("里程（公里）", "double")]
    second = [Column("里程(公里)", "string"), Column(" 路线名称", "string")]
    assert shape_of(roads, first) == shape_of(roads, second)
    assert shape_of(roads, first) != shape_of(toilets, first)
    assert shape_of(roads, first) != shape_of(roads, [*first, Column("备注", "string")])
    assert shape_of(roads, first) != shape_of(roads, [first[0], Column("里程（米）", "double")])


def test_a_remembered_column_is_found_under_another_spelling_and_missed_where_it_is_not():
    remembered = Interpretation(
        columns={
            "length_m": ColumnChoice("长 度(公里)", factor=Decimal(1000)),
            "surface": ColumnChoice("没有了"),
        }
    )
    columns = {
        "路线名称": ["甲"],
        "行政等级": ["村道"],
        "长度（公里）": ["1"],
        "路面类型": ["水泥"],
    }
    found = propose("roads", columns, remembered=remembered).interpretation.columns
    assert (found["length_m"].column, found["length_m"].how) == ("长度（公里）", "profile")
    assert found["length_m"].factor == Decimal(1000)
    assert (found["surface"].column, found["surface"].how) == ("路面类型", "alias")


def test_an_empty_sample_is_judged_by_headings_alone():
    found = propose("roads", {"路线名称": [], "行政等级": []})
    assert set(found.interpretation.columns) == {"name", "admin_class"}
    assert found.samples == {"路线名称": (), "行政等级": ()}
