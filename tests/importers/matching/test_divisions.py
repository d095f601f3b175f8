"""Divisions by name: any usual form, inside a parent; what is ambiguous is never decided."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.matching.division_cells import DivisionReader
from importers.matching.divisions import DivisionIndex, Entry, division_index
from importers.matching.problems import CellProblem
from layers.models import Division
from layers.reference.loading import rows_of
from tests.conftest import FENGHUANG, HUAYUAN, SHIBADONG

SHUANGLONG = "433124110000"
COLUMNS = ("county", "township", "village")


@pytest.fixture(scope="module")
def index() -> DivisionIndex:
    return DivisionIndex(
        [Entry(r["code"], r["name"], r["level"], None) for r in rows_of("hunan_divisions.csv")]
    )


@pytest.mark.parametrize(
    ("cells", "within", "code"),
    [
        (("花垣县", "双龙镇", "十八洞村"), "", SHIBADONG),
        (("花垣", "双龙", "十八洞"), "", SHIBADONG),
        (("花垣县", "双龙乡", "十八洞社区"), "", SHIBADONG),
        (("花垣县", "双龙镇", None), "", SHUANGLONG),
        (("花垣县", None, "十八洞村"), "", SHIBADONG),
        (("花垣县", "/", "十八洞村委会"), "", SHIBADONG),
        ((None, "双龙镇", "双龙村"), HUAYUAN, "433124110218"),
        ((None, "双龙", None), HUAYUAN, SHUANGLONG),
        (("花垣县", "双龙镇", "花垣县双龙镇十八洞村"), "", SHIBADONG),
        (("花垣县", "双龙镇", "十八洞村三组"), "", SHIBADONG),
        (("花垣县", "双龙镇", "433124110226"), "", SHIBADONG),
        (("湖南省花垣县", "双龙镇", "十八洞村"), "", SHIBADONG),
        (("花垣县", "花垣县", None), "", HUAYUAN),
    ],
)
def test_columns_of_a_row_are_read_together(index, cells, within, code):
    assert DivisionReader(index, within=within).read_several(cells, COLUMNS) == code


@pytest.mark.parametrize(
    ("text", "within", "code"),
    [
        ("双龙镇", "", SHUANGLONG),
        ("双龙镇十八洞村", HUAYUAN, SHIBADONG),
        ("双龙村", HUAYUAN, "433124110218"),
        ("花垣县", HUAYUAN, HUAYUAN),
        ("湘西州花垣县", HUAYUAN, HUAYUAN),
        ("双龙街道", HUAYUAN, SHUANGLONG),
        ("十八洞村民委员会", "", SHIBADONG),
    ],
)
def test_a_name_is_found_inside_its_parent(index, text, within, code):
    assert DivisionReader(index, within=within).read(text) == code


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("和平村", ""),
        ("双龙", HUAYUAN),
        ("十八洞村", FENGHUANG),
        ("花垣县", FENGHUANG),
        ("湘西州", ""),
        ("双龙镇第三村", HUAYUAN),
    ],
)
def test_what_is_ambiguous_elsewhere_or_unknown_is_rejected(index, text, within):
    with pytest.raises(CellProblem):
        DivisionReader(index, within=within).read(text)


def test_an_ambiguous_name_lists_its_candidates_with_their_townships(index):
    with pytest.raises(CellProblem) as raised:
        DivisionReader(index, within=HUAYUAN).read("双龙")
    assert "花垣县 双龙镇 (433124110000)" in raised.value.hint.zh
    assert "花垣县 双龙镇 双龙村 (433124110218)" in raised.value.hint.zh


def test_a_mistyped_village_is_proposed_among_those_of_its_township(index):
    reader = DivisionReader(index)
    assert reader.candidates(("花垣县", "双龙镇", "十八峒村"), COLUMNS) == [SHIBADONG]


def test_what_a_person_said_of_a_name_goes_before_everything(index):
    answers = {"双龙": SHUANGLONG, "花垣县 新镇 甲村": SHIBADONG, "不详": ""}
    reader = DivisionReader(index, answers=answers)
    assert reader.read("双 龙") == SHUANGLONG
    assert reader.read_several(("花垣县", "新镇", "甲村"), COLUMNS) == SHIBADONG
    assert reader.read("不详") is None


def test_a_division_that_was_replaced_leads_to_what_followed_it():
    index = DivisionIndex(
        [
            Entry("430000000000", "湖南省", "province", None),
            Entry(HUAYUAN, "花垣县", "county", None),
            Entry("433124103000", "排碧乡", "township", SHUANGLONG),
            Entry("433124104000", "无踪乡", "township", ""),
            Entry(SHUANGLONG, "双龙镇", "township", None),
        ]
    )
    reader = DivisionReader(index)
    assert reader.read("433124103") == SHUANGLONG
    assert reader.read("花垣县排碧乡") == SHUANGLONG
    with pytest.raises(CellProblem) as raised:
        reader.read("433124104000")
    assert "no longer exists" in raised.value.phrase.en


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_the_full_path_of_any_village_finds_it_or_lists_it(index, data):
    villages = [code for code, entry in index.entries.items() if entry.level == "village"]
    code = data.draw(st.sampled_from(villages))
    county, township = index.entries[f"{code[:6]}000000"], index.entries[f"{code[:9]}000"]
    cells = (county.name, township.name, index.entries[code].name)
    found = index.find(cells, levels=COLUMNS)
    assert code in found
    assert all(each.startswith(code[:9]) for each in found)
    assert code in index.find_text("".join(cells))


@pytest.mark.django_db
def test_one_index_is_shared_until_a_division_changes():
    first = division_index()
    assert division_index() is first
    Division.objects.filter(pk=SHIBADONG).update(name="十八洞新村")
    changed = division_index()
    assert changed is not first
    assert changed.find_text("花垣县十八洞新村") == [SHIBADONG]
