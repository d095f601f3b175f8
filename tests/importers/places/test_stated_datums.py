"""What rows say of their datum: taken where all agree, and held against every row after that."""

import pyarrow as pa
import pytest

from importers.interpretation import PlaceReading, PlaceSource
from importers.places.answers import answered
from importers.places.datums import named_datum
from importers.places.placement import Placement
from importers.places.proposing import propose_places
from importers.places.stated_datums import contradictions, stated_datum
from layers.registry import LAYERS
from tests.importers.places import scene

pytestmark = pytest.mark.django_db
SITES = LAYERS["resettlement-sites"]
READING = PlaceReading(
    PlaceSource.COLUMNS, x="经度", y="纬度", datum="EPSG:4490", datum_column="坐标基准"
)


def rows(*datums):
    count = len(datums)
    return scene.batch(
        经度=[109.48] * count, 纬度=[28.57] * count, 坐标基准=pa.array(datums, pa.string())
    )


def proposed(batch, locator, stated=None):
    return propose_places(
        SITES, scene.described(), [batch], stated=stated, divisions=None, locator=locator
    )


def test_the_column_is_the_datum_where_all_rows_agree(locator):
    reading, findings = proposed(rows("EPSG:4490", None, " epsg:4490 ".strip().upper()), locator)
    assert reading == READING
    assert not any(each.must for each in findings)
    assert any("坐标基准" in each.text.zh and "列" in each.text.zh for each in findings)


@pytest.mark.parametrize(
    "datums", [("EPSG:4490", "gcj02"), ("EPSG:4610 (±100 m)",), ("EPSG:4610",), ("不详",)]
)
def test_what_settles_nothing_stays_a_question(locator, datums):
    reading, findings = proposed(rows(*datums), locator)
    assert reading.datum_column == ""
    assert [each.about for each in findings if each.must] == ["datum"]


def test_a_persons_word_is_above_the_column_and_a_profiles_is_not(locator):
    said = PlaceReading(datum="gcj02")
    assert proposed(rows("EPSG:4490"), locator, said)[0].datum == "gcj02"
    remembered = PlaceReading(
        PlaceSource.COLUMNS, x="经度", y="纬度", datum="gcj02", datum_column="坐标基准"
    )
    assert proposed(rows("EPSG:4490"), locator, remembered)[0] == READING
    assert answered(READING, "bd09").datum_column == ""


def test_a_later_row_that_states_another_is_refused(locator):
    places = Placement(SITES, READING, locator).place(rows("EPSG:4490", "gcj02", None, "cgcs2000"))
    assert list(places.reasons) == [1]
    assert "gcj02" in places.reasons[1].text.en
    assert [shape is not None for shape in places.shapes] == [True, False, True, True]


def test_names_of_one_datum_are_the_same():
    cells = pa.array(["cgcs2000-3-37", "4525", "EPSG:4526"])
    assert list(contradictions(cells, named_datum("EPSG:4525"))) == [2]
    assert stated_datum([rows(None, None)]) is None
