"""The quick way through GeoJSON gives what OGR gives, or leaves the file to OGR."""

import json

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers.readers import geojson, geojson_lines, ogr
from importers.readers.features import NotPlain, blocks
from tests.importers.readers.reading import problem, read

PLACES = st.floats(-180, 180, allow_nan=False).map(lambda number: round(number, 6))
PAIRS = st.tuples(PLACES, PLACES)
RINGS = st.lists(PAIRS, min_size=3, max_size=5).map(lambda ring: [*ring, ring[0]])
SHAPES = {
    "Point": PAIRS,
    "LineString": st.lists(PAIRS, min_size=2, max_size=4),
    "Polygon": st.lists(RINGS, min_size=1, max_size=2),
    "MultiPolygon": st.lists(st.lists(RINGS, min_size=1, max_size=2), min_size=1, max_size=2),
    "MultiPoint": st.lists(PAIRS, min_size=1, max_size=3),
}
TEXTS = st.sampled_from(
    ["十八洞", "", 'a "b" },{"type":"Feature",', "2020-05-01", "\\n\n", "x\x1ey"]
)
VALUES = [
    TEXTS,
    st.integers(-(2**40), 2**40),
    st.floats(-1e9, 1e9, allow_nan=False),
    st.booleans(),
    st.just("2020-05-01T00:00:00Z"),
]


@st.composite
def collections(draw):
    kind = draw(st.sampled_from(sorted(SHAPES)))
    columns = {
        f"列{number}": draw(st.sampled_from(VALUES)) for number in range(draw(st.integers(0, 4)))
    }
    features = []
    for _ in range(draw(st.integers(1, 5))):
        shape = draw(st.none() | SHAPES[kind])
        geometry = None if shape is None else {"type": kind, "coordinates": shape}
        properties = {name: draw(st.none() | values) for name, values in columns.items()}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return features


WRITTEN = {
    "one a line": lambda found: (
        '{"type": "FeatureCollection",\n"features": [\n'
        + ",\n".join(json.dumps(each, ensure_ascii=False) for each in found)
        + "\n]\n}\n"
    ),
    "all in one line": lambda found: json.dumps(
        {"type": "FeatureCollection", "features": found}, separators=(",", ":")
    ),
    "pretty": lambda found: json.dumps({"type": "FeatureCollection", "features": found}, indent=1),
    "lines": lambda found: "".join(json.dumps(each) + "\n" for each in found),
    "records": lambda found: "".join(f"\x1e{json.dumps(each)}\n" for each in found),
}


def never(*_, **__):
    raise NotPlain("told so")


@pytest.mark.parametrize("way", WRITTEN)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(found=collections(), block=st.sampled_from([64, 700, 1 << 20]))
def test_the_quick_way_gives_what_ogr_gives(tmp_path, way, found, block):
    path = tmp_path / "a.geojson"
    path.write_text(WRITTEN[way](found), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_BYTES", block)
        quick = read(path)
        patch.setattr(geojson, "header_of", never)
        patch.setattr(geojson_lines, "gathered", never)
        slow = read(path)
    assert len(quick.rows) == len(found)
    assert quick.description.geometry_type in (slow.description.geometry_type, None)
    for fast, other in zip(quick.rows, slow.rows, strict=True):
        for column in quick.description.columns:
            assert fast[column.name] == other[column.name]
        shapes = shapely.from_wkb([fast["__geometry__"], other["__geometry__"]])
        assert shapely.equals_exact(*shapes) or all(shape is None for shape in shapes)


def plain(path) -> bool:
    """Whether the quick way takes it."""
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(geojson, "opened", never)
            patch.setattr(geojson_lines, "opened", never)
            read(path)
    except NotPlain:
        return False
    return True


FEATURE = (
    '{{"type": "Feature", "properties": {{}},'
    ' "geometry": {{"type": "LineString", "coordinates": [{}[0, 0]]}}}}'
)
POINT = '"geometry": {"type": "Point", "coordinates": [109.5, 28.5, 300]}'


@pytest.mark.parametrize(
    ("features", "is_plain"),
    [
        ([f'{{"type": "Feature", "properties": {{"a": 1}}, {POINT}}}'], True),
        ([f'{{"type": "Feature", "properties": null, {POINT}}}'], True),
        (
            [
                f'{{"type": "Feature", "id": "x", "properties": {{"a": {n}}}, {POINT}}}'
                for n in (1, 1.5)
            ],
            True,
        ),
        (
            [f'{{"type": "Feature", "properties": {{"a": {n}}}, {POINT}}}' for n in (1, '"x"')],
            False,
        ),
        ([f'{{"type": "Feature", "properties": {{"a": [1]}}, {POINT}}}'], False),
        ([f'{{"properties": {{"a": 1}}, {POINT}, "type": "Feature"}}'], False),
        (
            [
                '{"type": "Feature", "properties": {},'
                ' "geometry": {"type": "Point", "coordinates": []}}'
            ],
            False,
        ),
    ],
)
def test_what_is_not_plain_is_left_to_ogr_and_read_all_the_same(tmp_path, features, is_plain):
    path = tmp_path / "a.geojson"
    path.write_text(f'{{"type": "FeatureCollection", "features": [{",".join(features)}]}}', "utf-8")
    assert plain(path) == is_plain
    assert len(read(path).rows) == len(features)


def test_a_reference_system_by_code_is_kept_and_any_other_left_to_ogr(tmp_path):
    path = tmp_path / "a.geojson"
    feature = f'{{"type": "Feature", "properties": {{}}, {POINT}}}'
    for name, crs in {
        "urn:ogc:def:crs:EPSG::4525": "EPSG:4525",
        "EPSG:4490": "EPSG:4490",
        "urn:ogc:def:crs:OGC:1.3:CRS84": "EPSG:4326",
    }.items():
        member = f'"crs": {{"type": "name", "properties": {{"name": "{name}"}}}}'
        path.write_text(f'{{"type": "FeatureCollection", {member}, "features": [{feature}]}}')
        assert plain(path)
        assert read(path).description.crs == crs
        # After the features nobody would look for it: OGR does.
        path.write_text(f'{{"type": "FeatureCollection", "features": [{feature}], {member}}}')
        assert not plain(path)


def test_a_collection_that_is_cut_short_is_refused_by_the_quick_way_too(tmp_path):
    path = tmp_path / "a.geojson"
    feature = f'{{"type": "Feature", "properties": {{}}, {POINT}}}'
    for end in ("", ",", "]", f", {feature[:-5]}"):
        path.write_text(f'{{"type": "FeatureCollection", "features": [{feature}{end}')
        assert "cannot be read" in problem(path)


def test_a_shape_without_end_is_named_as_what_it_is(tmp_path, monkeypatch):
    monkeypatch.setitem(ogr.GDAL_OPTIONS, "OGR_GEOJSON_MAX_OBJ_SIZE", 1)
    monkeypatch.setattr(blocks, "LONGEST_FEATURE_BYTES", 1 << 20)
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 1 << 20)
    path = tmp_path / "a.geojson"
    path.write_text(
        WRITTEN["pretty"]([]).replace("[]", "[" + FEATURE.format("[0,0]," * 10**6) + "]")
    )
    assert "One element of the file" in problem(path)
