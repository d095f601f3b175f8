"""Cells as county offices write them: what is taken of them, or why not and what to write."""

from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers.columns import ColumnReader
from importers.interpretation import ColumnChoice, Interpretation
from importers.matching.damage import has_valid_check_digit
from importers.matching.dates import SERIAL_ZERO, SERIALS, read_date
from layers.registry import LAYERS
from tests.importers.matching.cells import REJECTED, TAKEN

pytestmark = pytest.mark.django_db
RELAXED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)


def read(layer, field, cell, interpretation=None):
    reader = ColumnReader(LAYERS[layer], interpretation)
    return reader.read(LAYERS[layer].by_name[field], pa.array([cell]))


@pytest.mark.parametrize(("layer", "field", "cell", "taken"), TAKEN)
def test_a_cell_is_taken_for_what_it_says(layer, field, cell, taken):
    converted = read(layer, field, cell)
    assert not converted.reasons
    assert converted.taken.to_pylist() == [taken]


@pytest.mark.parametrize(("layer", "field", "cell", "advice"), REJECTED)
def test_a_cell_is_rejected_with_a_hint_of_what_to_write(layer, field, cell, advice):
    converted = read(layer, field, cell)
    assert converted.taken.to_pylist() == [None]
    reason = converted.reasons[0]
    assert reason.text.zh != reason.text.en
    assert reason.hint is not None
    assert advice in reason.hint.en
    assert reason.hint.zh != reason.hint.en


def test_the_corpus_is_as_large_as_it_is_said_to_be():
    assert len(TAKEN) + len(REJECTED) >= 60
    assert {layer for layer, *_rest in TAKEN} == set(LAYERS)


def test_a_reason_about_a_person_does_not_repeat_what_was_in_the_cell():
    for cell in ("433124199001011000", "4.33124E+17"):
        reason = read("toilets", "id_number", cell).reasons[0]
        assert cell not in reason.text.zh + str(reason.hint)


def test_a_person_may_say_what_a_number_or_a_word_means():
    answers = Interpretation(
        values={"toilet_type": {"1": "three_chamber", "沼": "biogas", "?": ""}}
    )
    assert read("toilets", "toilet_type", 1, answers).taken.to_pylist() == ["three_chamber"]
    assert read("toilets", "toilet_type", "1", answers).taken.to_pylist() == ["three_chamber"]
    assert read("toilets", "toilet_type", " 沼 ", answers).taken.to_pylist() == ["biogas"]
    assert read("toilets", "toilet_type", "?", answers).reasons, "the field is required"
    wrong = Interpretation(values={"toilet_type": {"1": "no_such_code"}})
    assert read("toilets", "toilet_type", 1, wrong).reasons


def test_a_field_without_a_column_has_the_code_of_the_empty_word_in_every_row():
    constant = Interpretation(
        columns={"category": ColumnChoice("")}, values={"category": {"": "household"}}
    )
    layer = LAYERS["toilets"]
    batch = pa.RecordBatch.from_pydict({"甲": [1, 2]})
    converted = ColumnReader(layer, constant).read_column(layer.by_name["category"], batch)
    assert converted.taken.to_pylist() == ["household", "household"]


def test_a_cells_own_unit_counts_more_than_the_columns():
    kilometres = Interpretation(columns={"length_m": ColumnChoice("里程", factor=1000)})
    assert read("roads", "length_m", "3.5", kilometres).taken.to_pylist() == ["3500.0"]
    assert read("roads", "length_m", 3.5, kilometres).taken.to_pylist() == ["3500.0"]
    assert read("roads", "length_m", "350米", kilometres).taken.to_pylist() == ["350.0"]


@RELAXED
@given(day=st.dates(date(1955, 1, 1), date(2060, 1, 1)))
def test_every_spelling_of_a_day_is_that_day(day):
    y, m, d = day.year, day.month, day.day
    spellings = [f"{y}年{m}月{d}日", f"{y}.{m}.{d}", f"{y}/{m:02}/{d:02}", f"{y}-{m}-{d} 00:00:00"]
    assert {read_date(text) for text in spellings} == {day.isoformat()}
    serial = (day - SERIAL_ZERO) // timedelta(days=1)
    assert serial in SERIALS
    assert read_date(serial) == read_date(str(serial)) == day.isoformat()


@given(
    body=st.from_regex(r"[1-9]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])([012][1-8])\d{3}", fullmatch=True)
)
def test_just_one_check_digit_fits_an_identity_number(body):
    assert sum(has_valid_check_digit(body + last) for last in "0123456789X") == 1
