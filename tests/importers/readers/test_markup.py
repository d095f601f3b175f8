"""KML and GPX: what becomes a row, a column and a shape, and what is not followed."""

import pytest

from tests.importers.readers import samples
from tests.importers.readers.reading import problem, read
from tests.importers.readers.samples import placemark

POINT = "<Point><coordinates>109.5,28.5</coordinates></Point>"


@pytest.fixture
def kml(tmp_path):
    def write(placemarks: str, codec: str = "utf-8"):
        path = tmp_path / "a.kml"
        path.write_text(samples.KML.format(placemarks=placemarks), codec)
        return path

    return write


def test_folders_and_extended_data_become_columns(kml):
    data = (
        '<ExtendedData><SchemaData schemaUrl="http://elsewhere/#s">'
        '<SimpleData name="水源">山泉</SimpleData></SchemaData>'
        '<Data name="name"><value>别名</value></Data></ExtendedData>'
    )
    nested = f"<Folder><name>山泉</name>{placemark('二', POINT, data)}</Folder>"
    found = read(kml(placemark("一", POINT, "<description>d</description>") + nested))
    assert [c.name for c in found.description.columns] == [
        "name",
        "folder",
        "description",
        "水源",
        "name_data",
    ]
    assert found.column("folder") == ["花垣县/饮水", "花垣县/饮水/山泉"]
    assert found.rows[1]["水源"] == "山泉"
    assert found.rows[1]["name_data"] == "别名"
    assert found.rows[0]["水源"] is None


@pytest.mark.parametrize(
    ("shape", "wkt"),
    [
        (POINT, "POINT (109.5 28.5)"),
        (
            "<LineString><coordinates>\n 109.5, 28.5, 0\n 109.6,28.6,0 </coordinates></LineString>",
            "LINESTRING (109.5 28.5, 109.6 28.6)",
        ),
        (
            "<Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 4,0 4,4</coordinates>"
            "</LinearRing></outerBoundaryIs><innerBoundaryIs><LinearRing><coordinates>"
            "1,0.5 2,0.5 2,1 1,0.5</coordinates></LinearRing></innerBoundaryIs></Polygon>",
            "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 0.5, 2 0.5, 2 1, 1 0.5))",
        ),
        (
            f"<MultiGeometry>{POINT}{POINT}</MultiGeometry>",
            "MULTIPOINT ((109.5 28.5), (109.5 28.5))",
        ),
        (
            '<gx:Track xmlns:gx="http://www.google.com/kml/ext/2.2"><gx:coord>1 2 3</gx:coord>'
            "<gx:coord>4 5 6</gx:coord></gx:Track>",
            "LINESTRING (1 2, 4 5)",
        ),
        ("<Point><coordinates>here</coordinates></Point>", None),
        ("", None),
    ],
)
def test_every_kind_of_shape_is_read_and_an_unreadable_one_is_none(kml, shape, wkt):
    found = read(kml(placemark("一", shape)))
    assert found.shapes == [wkt]
    unreadable = "here" in shape
    assert bool(found.description.notes) == unreadable


def test_network_links_are_told_and_not_followed(kml):
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"
    found = read(kml(placemark("一", POINT) + link))
    assert len(found.rows) == 1
    assert found.description.notes[0][1] == {"count": 1}


@pytest.mark.parametrize("codec", ["gbk", "utf-16"])
def test_a_file_that_says_utf_8_and_is_not_is_read_by_its_bytes(kml, codec):
    found = read(kml(placemark("十八洞村", POINT), codec))
    assert found.column("name") == ["十八洞村"]


BOMB = """<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"> <!ENTITY f SYSTEM "file:///etc/passwd">]>
<{root}><wpt lat="1" lon="2"><name>&b;&f;</name></wpt></{root}>"""


@pytest.mark.parametrize("root", ["kml", "gpx"])
def test_a_document_type_is_refused_before_any_entity_is_looked_at(tmp_path, root):
    path = tmp_path / "a.xml"
    path.write_text(BOMB.format(root=root))
    assert "document type" in problem(path)


def test_elements_nested_without_end_are_refused(kml):
    assert "deep" in problem(kml("<Folder>" * 500 + "</Folder>" * 500))


def test_text_without_end_is_refused(kml, monkeypatch):
    monkeypatch.setattr("importers.readers.markup.parsing.MOST_TEXT", 1000)
    assert "of text" in problem(kml(placemark("x" * 2000, POINT)))


GPX = """<gpx version="1.1" creator="两步路" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="28.5" lon="109.5"><name>起点</name><time>2022-05-01T00:00:00Z</time></wpt>
<wpt lat="x" lon="109.5"><name>坏点</name></wpt>
<trk><name>巡线</name><extensions><km>3.5</km></extensions>
<trkseg><trkpt lat="1" lon="2"><ele>9</ele></trkpt><trkpt lat="3" lon="4"/></trkseg>
<trkseg><trkpt lat="5" lon="6"/><trkpt lat="7" lon="8"/></trkseg></trk>
<rte><name>路线</name><rtept lat="1" lon="2"/><rtept lat="3" lon="4"/></rte></gpx>"""


def test_waypoints_routes_and_tracks_are_tables(tmp_path):
    path = tmp_path / "a.gpx"
    path.write_text(GPX, "utf-8")
    assert "waypoints, routes, tracks" in problem(path)
    points = read(path, "waypoints")
    assert points.column("name") == ["起点", "坏点"]
    assert points.shapes == ["POINT (109.5 28.5)", None]
    assert points.description.notes[0][1] == {"count": 1}
    tracks = read(path, "tracks")
    assert tracks.shapes == ["MULTILINESTRING ((2 1, 4 3), (6 5, 8 7))"]
    assert tracks.rows[0]["km"] == "3.5"
    assert "ele" not in tracks.rows[0]
    assert read(path, "routes").shapes == ["LINESTRING (2 1, 4 3)"]


def test_a_file_that_is_cut_short_is_refused(tmp_path):
    path = tmp_path / "a.gpx"
    path.write_text(GPX[:-40], "utf-8")
    assert "no complete XML" in problem(path)
