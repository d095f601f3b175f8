"""Whole columns: the quick ways give what one cell at a time gives."""

import decimal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers.columns import CellReason, ColumnReader, Converted
from importers.interpretation import ColumnChoice, Interpretation
from importers.matching.problems import CellProblem
from importers.matching.readings import plain_value
from layers.editing.values import ValueProblem, read_value
from layers.registry import LAYERS
from tests.conftest import SHIBADONG

pytestmark = pytest.mark.django_db
RELAXED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None
)
TOILETS, ROADS = LAYERS["toilets"], LAYERS["roads"]


@pytest.fixture
def readers() -> dict[str, ColumnReader]:
    return {"toilets": ColumnReader(TOILETS), "roads": ColumnReader(ROADS)}


def one_by_one(reader: ColumnReader, field, cells, factor=None) -> tuple[list, set[int]]:
    """By the rules themselves, without any of the quick ways."""
    kind = reader.layer.kind(field)
    taken, refused = [], set()
    for row, cell in enumerate(cells):
        try:
            value = read_value(
                reader.layer, field, plain_value(field, kind, cell, factor), reader.lists
            )
            value = value + 0 if isinstance(value, decimal.Decimal) else value  # -0 is 0
            taken.append(None if value is None else str(value))
        except (CellProblem, ValueProblem):
            taken.append(None)
            refused.add(row)
    return taken, refused


def same(converted: Converted, expected: tuple[list, set[int]]) -> bool:
    return (converted.taken.to_pylist(), set(converted.reasons)) == expected


TEXTS = st.text(max_size=70) | st.text(" 三组\t\u3000\u00a0\x1c\x00#", max_size=70) | st.none()


@RELAXED
@given(cells=st.lists(TEXTS | st.sampled_from(["#REF!", "1.2E+12", "　", "x" * 60, "村" * 61])))
@pytest.mark.parametrize("name", ["village_group", "code", "name"])
def test_a_column_of_text_is_read_as_cell_by_cell(readers, name, cells):
    reader, field = readers["toilets"], TOILETS.by_name[name]
    cells = [None if cell is None else cell.encode(errors="replace").decode() for cell in cells]
    assert same(reader.read(field, pa.array(cells, pa.string())), one_by_one(reader, field, cells))


NUMBERS = {
    "whole": st.integers(-(2**62), 2**62) | st.integers(-3, 40_000) | st.none(),
    "double": st.floats(width=64)
    | st.sampled_from([-0.0, 1.7e308, float("inf"), float("nan"), 0.545, 0.575, 1.015])
    | st.floats(0, 1000).map(lambda x: round(x, 2))
    | st.none(),
    "text": st.none()
    | st.decimals(-5, 10**9, places=2).map(str)
    | st.integers(-5, 3000).map(str)
    | st.sampled_from(["-0", "-0.00"])
    | st.text("0123456789.,-+eE米年 ", max_size=9),
}


@RELAXED
@given(data=st.data())
@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize("name", ["length_m", "surface_width_m", "lanes", "built_year", "mqi"])
def test_a_column_of_numbers_is_read_as_cell_by_cell(readers, name, kind, data):
    cells = data.draw(st.lists(NUMBERS[kind]))
    types = {"whole": pa.int64(), "double": pa.float64(), "text": pa.string()}
    reader, field = readers["roads"], ROADS.by_name[name]
    column = pa.array(cells, types[kind], from_pandas=False)
    assert same(reader.read(field, column), one_by_one(reader, field, cells))


@RELAXED
@given(cells=st.lists(st.sampled_from(["水泥", "沥青", "11沥青", "12", "别的", None, " ", "/"])))
def test_words_keep_their_rows(readers, cells):
    reader, field = readers["roads"], ROADS.by_name["surface"]
    whole = reader.read(field, pa.array(cells, pa.string()))
    single = [reader.read(field, pa.array([cell], pa.string())) for cell in cells]
    assert whole.taken.to_pylist() == [each.taken[0].as_py() for each in single]
    assert whole.reasons.keys() == {row for row, each in enumerate(single) if each.reasons}


@pytest.fixture
def scaled(factor: str) -> ColumnReader:
    """Reads lengths in another unit; one for all examples, since making it reads all divisions."""
    choice = ColumnChoice("里程", factor=decimal.Decimal(factor))
    return ColumnReader(ROADS, Interpretation(columns={"length_m": choice}))


@RELAXED
@given(data=st.data())
@pytest.mark.parametrize("kind", ["whole", "double", "text"])
@pytest.mark.parametrize("factor", ["1000", "0.001", "666.6666666666666666666666667"])
def test_a_column_in_another_unit_is_read_as_cell_by_cell(scaled, kind, factor, data):
    cells = data.draw(st.lists(NUMBERS[kind]))
    types = {"whole": pa.int64(), "double": pa.float64(), "text": pa.string()}
    field = ROADS.by_name["length_m"]
    column = pa.array(cells, types[kind], from_pandas=False)
    expected = one_by_one(scaled, field, cells, decimal.Decimal(factor))
    assert same(scaled.read(field, column), expected)


@RELAXED
@given(tenths=st.lists(st.integers(0, 10**6)))
@pytest.mark.parametrize("factor", ["1000"])
def test_a_factor_is_exact(scaled, factor, tenths):
    """0.1 km steps as doubles: 0.3 times 1000 is 300.0 m, not 299.99999999999994."""
    cells = pa.array([each / 10 for each in tenths], pa.float64())
    taken = scaled.read(ROADS.by_name["length_m"], cells).taken.to_pylist()
    assert taken == [f"{each * 100}.0" for each in tenths]


def test_divisions_of_several_columns_are_read_row_by_row():
    layer = TOILETS
    columns = ("县", "乡镇", "村")
    reader = ColumnReader(
        layer,
        Interpretation(columns={"division": ColumnChoice("村")}, division_columns=columns),
    )
    batch = pa.RecordBatch.from_pydict(
        {
            "村": ["十八洞村", "没有", None, "十八洞村", None],
            "县": ["花垣县", "花垣县", "凤凰县", "花垣县", None],
            "乡镇": ["双龙镇", "双龙镇", None, "双龙镇", None],
        }
    )
    converted = reader.read_column(layer.by_name["division"], batch)
    assert converted.taken.to_pylist() == [SHIBADONG, None, "433123000000", SHIBADONG, ""]
    assert list(converted.reasons) == [1]
    assert isinstance(converted.reasons[1], CellReason)


def test_days_and_other_types_of_a_file_are_taken_as_they_are(readers):
    day = pa.array([18_383, None], pa.date32())
    taken = readers["toilets"].read(TOILETS.by_name["completed_on"], day).taken
    assert taken.to_pylist() == ["2020-05-01", None]
    moment = pa.array([1_588_291_200_000], pa.timestamp("ms"))
    taken = readers["toilets"].read(TOILETS.by_name["completed_on"], moment).taken
    assert taken.to_pylist() == ["2020-05-01"]
    yes = pa.array([True, None])
    taken = readers["toilets"].read(TOILETS.by_name["publicly_funded"], yes).taken
    assert taken.to_pylist() == ["true", None]
    coded = pa.array(["水泥", "水泥"]).dictionary_encode()
    assert (
        readers["roads"].read(ROADS.by_name["surface"], coded).taken.to_pylist() == ["cement"] * 2
    )


def test_the_middle_between_two_steps_is_decided_in_decimals(readers):
    """0.545 times 100 is a little more than 54.5 in binary; in decimals the even one wins, 0.54."""
    cells = [0.545, 0.575, 1.015, 1.225, 2.6750001, 2.6749999]
    reader, field = readers["roads"], ROADS.by_name["surface_width_m"]
    taken = reader.read(field, pa.array(cells)).taken.to_pylist()
    assert taken == ["0.54", "0.58", "1.02", "1.22", "2.68", "2.67"]
