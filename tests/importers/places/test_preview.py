"""The map beside the questions: first rows where they would be, and what is wrong there."""

import json

import numpy as np
import pyarrow as pa
import pytest
import shapely

from importers.interpretation import PlaceReading
from importers.places.known import KnownFeatures
from importers.places.preview import preview
from layers.registry import LAYERS
from tests.importers.files import HUAYUAN
from tests.importers.places import scene

pytestmark = pytest.mark.django_db
SITES, ASSETS = LAYERS["resettlement-sites"], LAYERS["assets"]
HERE, THERE = scene.HUAYUAN, scene.FENGHUANG


def test_each_row_tells_its_county_and_its_state(locator):
    batch = scene.batch([HUAYUAN, HUAYUAN, shapely.Point(0, 0), None])
    reading = PlaceReading(datum="EPSG:4490")
    stated = [HERE, THERE, "", "433124110226"]
    shown = preview(ASSETS, reading, [batch], divisions=stated, locator=locator)
    rows = [feature["properties"] for feature in shown["features"]]
    assert [row["state"] for row in rows] == ["ok", "elsewhere", "rejected", "none"]
    assert [row["row"] for row in rows] == [1, 2, 3, 4]
    assert (rows[0]["county"], rows[0]["county_name"]) == (HERE, "花垣县")
    assert (rows[1]["stated_name"], rows[3]["stated"]) == ("凤凰县", HERE)
    assert rows[1]["text"]
    assert rows[2]["hint"]
    assert shown["features"][0]["geometry"]["coordinates"] == (HUAYUAN.x, HUAYUAN.y)
    assert shown["features"][2]["geometry"] is None
    json.dumps(shown, allow_nan=False)


def test_no_more_rows_are_shown_than_asked_for_with_the_numbers_of_the_file(locator):
    places = np.full((4, 2), (HUAYUAN.x, HUAYUAN.y))
    numbered = scene.batch(places, __row__=pa.array([5, 6, 7, 8], pa.int64()))
    shown = preview(SITES, PlaceReading(datum="4490"), [numbered, numbered], 6, locator=locator)
    assert [each["properties"]["row"] for each in shown["features"]] == [5, 6, 7, 8, 5, 6]


def test_large_shapes_are_drawn_with_fewer_vertices(locator):
    circle = HUAYUAN.buffer(0.05, quad_segs=200).exterior
    batch = scene.batch([shapely.LineString(circle.coords[:-1])])
    shown = preview(LAYERS["roads"], PlaceReading(datum="4490"), [batch], locator=locator)
    assert len(shown["features"][0]["geometry"]["coordinates"]) < 100


def test_features_on_the_map_are_known_by_code_else_by_a_name_of_their_own(make_feature):
    for name in ("甲", "乙", "乙"):
        make_feature("resettlement-sites", name=name)
    known = make_feature("resettlement-sites", (109.5, 28.5), name="丙")
    rows = scene.batch(名称=["甲", "乙", None, "没有", "丙"], 编码=["", "", known.code, "X", "X"])
    found = KnownFeatures(SITES.rows.all(), code="编码", name="名称")(rows)
    assert [shape is not None for shape in found] == [True, False, True, False, True]
    assert found[2] == shapely.Point(109.5, 28.5)
