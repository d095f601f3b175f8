"""What is proposed for a file's places, on what evidence, and what is left to a person."""

import numpy as np
import pytest
import shapely

from importers.interpretation import Helmert, PlaceReading, PlaceSource
from importers.places.answers import answered
from importers.places.proposing import propose_places
from layers.errors import Rejected
from layers.registry import LAYERS
from tests.importers.places import scene
from tests.importers.places.scene import FENGHUANG, HUAYUAN

pytestmark = pytest.mark.django_db
SITES = LAYERS["resettlement-sites"]
COUNTIES = (HUAYUAN, FENGHUANG)


@pytest.fixture
def propose(locator):
    def run(*batches, crs=None, stated=None, divisions=None, known=None, **more):
        return propose_places(
            SITES,
            scene.described(batches[0].schema.names, crs, **more),
            batches,
            stated=stated,
            divisions=divisions,
            known_places=known,
            locator=locator,
        )

    return run


def asked(findings):
    return [finding for finding in findings if finding.must]


def values(finding):
    return [value for value, _text in finding.options]


@pytest.fixture(scope="module")
def spread(locator):
    return scene.places_in(locator, COUNTIES, 2000)


@pytest.fixture(scope="module")
def inland(locator):
    """Far from the province's own line, which tells an offset as well."""
    return scene.places_in(locator, [scene.XIANGTAN], 300)[0]


def test_a_stated_datum_that_fits_is_taken_without_a_question(propose, spread):
    lonlat, divisions = spread
    batch = scene.batch(scene.written_in("EPSG:4545", lonlat))
    reading, findings = propose(batch, crs="EPSG:4545", divisions=divisions)
    assert reading == PlaceReading(datum="EPSG:4545")
    assert not asked(findings)
    assert "100.0%" in findings[0].text.en


@pytest.mark.parametrize("offset", ["gcj02", "bd09"])
def test_an_offset_shows_in_the_stated_counties_and_is_asked_about(propose, spread, offset):
    lonlat, divisions = spread
    written = scene.written_in(offset, lonlat)
    for batch, more in (
        (scene.batch(written), {"crs": "EPSG:4326"}),
        (scene.batch(written), {"crs": "EPSG:4326", "crs_stated": False}),
        (scene.batch(经度=written[:, 0], 纬度=written[:, 1]), {}),
    ):
        reading, findings = propose(batch, divisions=divisions, **more)
        [question] = asked(findings)
        assert reading.datum == offset
        assert values(question)[0] == offset
        assert {"EPSG:4326", "EPSG:4490"} & set(values(question))
        assert "100.0%" in question.text.zh
        assert "县" in question.text.zh


def test_places_without_an_offset_in_a_table_need_no_question_where_the_counties_tell(
    propose, spread
):
    lonlat, divisions = spread
    batch = scene.batch(经度=lonlat[:, 0], 纬度=lonlat[:, 1])
    reading, findings = propose(batch, divisions=divisions)
    assert reading == PlaceReading(PlaceSource.COLUMNS, x="经度", y="纬度", datum="EPSG:4490")
    assert not asked(findings)


def test_counties_of_another_boundary_set_do_not_make_an_offset(propose, locator, spread):
    """The sets disagree by 116 m in the middle and 563 m at the worst (domain.md, divisions)."""
    lonlat, _divisions = spread
    wave = np.column_stack([np.sin(lonlat[:, 1] * 40), np.cos(lonlat[:, 0] * 40)])
    for drift in (wave * 0.004, np.full(lonlat.shape, 0.0012)):
        divisions = locator.locate_ordinates(lonlat + drift).tolist()
        reading, findings = propose(scene.batch(lonlat), crs="EPSG:4326", divisions=divisions)
        assert (reading.datum, asked(findings)) == ("EPSG:4326", [])


def test_the_line_of_the_province_alone_does_not_make_an_offset(propose, locator):
    """Places just outside the eastern border, where sets disagree: an offset moves them in."""
    inside, _counties = scene.places_in(locator, ["430281000000"], 3000)
    beside = inside + np.array([0.004, 0])
    assert 0.001 < (locator.locate_ordinates(beside) == "").mean() < 0.1
    reading, findings = propose(scene.batch(beside), crs="EPSG:4326")
    assert (reading.datum, asked(findings)) == ("EPSG:4326", [])


def test_degrees_of_which_nothing_tells_the_datum_are_asked_about(propose, inland):
    reading, findings = propose(scene.batch(经度=inland[:, 0], 纬度=inland[:, 1]))
    [question] = asked(findings)
    assert reading.datum == "EPSG:4490"
    assert values(question) == ["EPSG:4490", "gcj02", "bd09", "EPSG:4610", "EPSG:4214"]


def test_the_names_of_columns_tell_a_datum_but_an_offset_is_asked_about(propose, inland):
    east, north = inland.T
    reading, findings = propose(scene.batch(**{"经度(WGS84)": east, "纬度(WGS84)": north}))
    assert (reading.datum, asked(findings)) == ("EPSG:4326", [])
    reading, findings = propose(scene.batch(高德经度=east, 高德纬度=north))
    assert reading.datum == "gcj02"
    assert len(asked(findings)) == 1
    both = scene.batch(高德经度=east, 高德纬度=north, 经度=east, 纬度=north)
    reading, _findings = propose(both)
    assert (reading.x, reading.y) == ("经度", "纬度")


def test_known_features_tell_an_offset_that_counties_cannot(propose, spread):
    lonlat, _divisions = spread
    batch = scene.batch(scene.written_in("gcj02", lonlat[:40]))

    def known(rows):
        assert rows.num_rows == 40
        shapes = shapely.points(lonlat[:40] + 1e-5)
        shapes[10:] = None
        return shapes

    reading, findings = propose(batch, crs="EPSG:4326", known=known)
    [question] = asked(findings)
    assert reading.datum == "gcj02"
    assert "10 that are on the map already" in question.text.en
    reading, findings = propose(scene.batch(lonlat[:40]), crs="EPSG:4326", known=known)
    assert (reading.datum, asked(findings)) == ("EPSG:4326", [])


@pytest.mark.parametrize("datum", ["EPSG:4545", "EPSG:4546"])
def test_bare_eastings_are_asked_about_with_the_share_under_each_meridian(propose, spread, datum):
    lonlat, divisions = spread
    east, north = scene.written_in(datum, lonlat).T
    reading, findings = propose(scene.batch(X坐标=north, Y坐标=east), divisions=divisions)
    [question] = asked(findings)
    assert (reading.x, reading.y, reading.datum) == ("Y坐标", "X坐标", datum)
    assert values(question)[0] == datum
    assert {"EPSG:4545", "EPSG:4546", "EPSG:4547", "EPSG:4509"} < set(values(question))
    assert any("north" in finding.text.en for finding in findings if not finding.must)


def test_a_meridian_in_the_file_that_puts_all_into_other_counties_is_asked_about(propose, spread):
    lonlat, divisions = spread
    batch = scene.batch(scene.written_in("EPSG:4545", lonlat))
    reading, findings = propose(batch, crs="EPSG:4546", divisions=divisions)
    [question] = asked(findings)
    assert reading.datum == "EPSG:4545"
    assert values(question) == ["EPSG:4545", "EPSG:4546"]


def test_eastings_with_their_zone_are_asked_about_since_three_datums_look_so(propose, spread):
    lonlat, divisions = spread
    batch = scene.batch(scene.written_in("EPSG:4524", lonlat))
    reading, findings = propose(batch, divisions=divisions)
    [question] = asked(findings)
    assert reading.datum == "EPSG:4524"
    assert values(question) == ["EPSG:4524", "EPSG:2360", "EPSG:2412"]


def test_a_geometry_written_north_first_is_turned_and_says_so(propose, spread):
    lonlat, divisions = spread
    batch = scene.batch(scene.written_in("EPSG:4524", lonlat)[:, ::-1])
    reading, findings = propose(batch, crs="EPSG:4524", divisions=divisions)
    assert reading == PlaceReading(datum="EPSG:4524", swapped=True)
    assert not asked(findings)
    [turned] = [finding for finding in findings if finding.about == "swapped"]
    assert answered(reading, values(turned)[0]).swapped is False


def test_columns_named_the_wrong_way_round_are_exchanged(propose, spread):
    lonlat, divisions = spread
    batch = scene.batch(经度=lonlat[:, 1], 纬度=lonlat[:, 0])
    reading, findings = propose(batch, divisions=divisions)
    assert (reading.x, reading.y) == ("纬度", "经度")
    assert not asked(findings)
    told = PlaceReading(PlaceSource.COLUMNS, x="经度", y="纬度")
    reading, findings = propose(batch, divisions=divisions, stated=told)
    assert (reading.x, reading.y) == ("经度", "纬度")
    [question] = asked(findings)
    assert answered(reading, values(question)[0]).x == "纬度"


def test_degrees_minutes_and_seconds_packed_into_a_number_are_asked_about(propose, spread):
    lonlat, divisions = spread
    minutes, seconds = np.divmod(np.round(lonlat % 1 * 3600, 1), 60)
    packed = np.round(np.floor(lonlat) + minutes / 100 + seconds / 10_000, 5)
    reading, findings = propose(
        scene.batch(东经=packed[:, 0], 北纬=packed[:, 1]), divisions=divisions
    )
    [question] = asked(findings)
    assert reading.packed
    assert values(question)[0] == "EPSG:4490 packed"
    assert answered(reading, "gcj02") == PlaceReading(
        PlaceSource.COLUMNS, x="东经", y="北纬", datum="gcj02"
    )


def test_a_column_of_whole_places_and_columns_without_a_name_are_found(propose, spread):
    lonlat, divisions = spread
    pairs = [f"{x:.6f}，{y:.6f}" for x, y in lonlat]
    reading, _findings = propose(scene.batch(备注=["无"] * 2000, 坐标=pairs), divisions=divisions)
    assert (reading.source, reading.wkt) == (PlaceSource.WKT, "坐标")
    reading, findings = propose(
        scene.batch(户数=range(2000), a=lonlat[:, 1], b=lonlat[:, 0]), divisions=divisions
    )
    assert (reading.x, reading.y) == ("b", "a")
    assert any(finding.about == "columns" for finding in findings)


def test_a_table_of_households_and_money_has_no_places(propose):
    reading, findings = propose(
        scene.batch(户数=[109, 111], 原值=[549406.0, 3043133.0], 名=["a", "b"])
    )
    assert reading.source is PlaceSource.NONE
    assert len(findings) == 1


@pytest.mark.parametrize(("crs", "epsg"), [("EPSG:2360", "2360"), ("EPSG:2412", "2412")])
def test_xian_1980_and_beijing_1954_ask_for_parameters_or_an_accepted_error(
    propose, spread, crs, epsg
):
    lonlat, divisions = spread
    batch = scene.batch(scene.written_in(crs, lonlat))
    reading, findings = propose(batch, crs=crs, divisions=divisions)
    [question] = asked(findings)
    assert reading.datum == f"EPSG:{epsg}"
    assert answered(reading, values(question)[0]).accuracy_m == 100
    for known in (
        PlaceReading(accuracy_m=50.0),
        PlaceReading(parameters=Helmert(10, -120, -60)),
        PlaceReading(datum=crs, accuracy_m=50.0),
    ):
        reading, findings = propose(batch, crs=crs, divisions=divisions, stated=known)
        assert not asked(findings)
        assert (reading.accuracy_m, reading.parameters) == (known.accuracy_m, known.parameters)
    _reading, findings = propose(batch, stated=PlaceReading(datum=crs))
    assert len(asked(findings)) == 1


def test_a_person_is_believed_and_warned(propose, spread):
    lonlat, divisions = spread
    batch = scene.batch(scene.written_in("EPSG:4545", lonlat))
    stated = PlaceReading(datum="cgcs2000-3-cm111")
    reading, findings = propose(batch, divisions=divisions, stated=stated)
    assert reading == stated
    assert not asked(findings)
    assert "108" in findings[0].text.en


def test_a_stated_datum_that_leads_nowhere_near_hunan_is_refused_with_what_it_looks_like(
    propose, spread
):
    lonlat, _divisions = spread
    with pytest.raises(Rejected) as refusal:
        propose(
            scene.batch(scene.written_in("EPSG:4525", lonlat)), stated=PlaceReading(datum="4490")
        )
    assert "37" in str(refusal.value.remedy)


def test_a_datum_in_the_file_that_leads_nowhere_near_hunan_is_asked_about(propose, spread):
    lonlat, divisions = spread
    batch = scene.batch(scene.written_in("EPSG:4524", lonlat))
    for crs in ("EPSG:4326", "EPSG:4267", "rubbish"):
        reading, findings = propose(batch, crs=crs, divisions=divisions)
        assert reading.datum == "EPSG:4524"
        assert len(asked(findings)) == 1


@pytest.mark.parametrize(
    ("written", "stated", "proposed"),
    [
        ("EPSG:4547", "EPSG:4526", "EPSG:4547"),
        ("EPSG:4526", "EPSG:4547", "EPSG:4526"),
        ("EPSG:2383", "EPSG:2362", "EPSG:2383"),
        ("EPSG:2362", "EPSG:2383", "EPSG:2362"),
    ],
)
def test_a_zone_number_that_the_file_is_wrong_about_keeps_its_datum_and_meridian(
    propose, inland, written, stated, proposed
):
    batch = scene.batch(scene.written_in(written, inland))
    reading, findings = propose(batch, crs=stated)
    assert reading.datum == proposed
    assert values(asked(findings)[0])[0] == proposed


def test_a_table_of_three_hundred_columns_is_searched_for_places(propose, inland):
    texts = {f"字段{number}": ["甲组", "109 号", "28.5 米"] * 100 for number in range(297)}
    batch = scene.batch(**texts, a=inland[:, 1], b=inland[:, 0], 长=inland[:, 0] * 1000)
    reading, _findings = propose(batch)
    assert (reading.x, reading.y) == ("b", "a")


def test_places_that_look_like_none_in_hunan_are_asked_about(propose):
    reading, findings = propose(scene.batch(np.array([[1.0, 2.0], [3.0, 4.0]])))
    assert reading.datum == ""
    assert len(asked(findings)) == 1


def test_rows_that_differ_from_the_rest_are_counted(propose, spread):
    lonlat, divisions = spread
    mixed = lonlat.copy()
    mixed[:30] = 0
    _reading, findings = propose(scene.batch(mixed), crs="EPSG:4490", divisions=divisions)
    assert any("30 of the first 2000 rows" in finding.text.en for finding in findings)


def test_a_reading_names_a_projection_that_has_no_code_so_that_it_is_found_again(propose, spread):
    lonlat, divisions = spread
    from pyproj import CRS

    own = CRS.from_epsg(4546).to_wkt("WKT1_ESRI").replace("111.0", "109.5").replace("111E", "109E")
    batch = scene.batch(scene.written_in(own, lonlat))
    reading, findings = propose(batch, crs=own, divisions=divisions)
    assert not asked(findings)
    again, _findings = propose(batch, stated=reading, divisions=divisions)
    assert again == reading
