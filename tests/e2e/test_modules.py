"""The map's pure modules, run where they run: in the browser."""

from collections.abc import Callable
from typing import Any

import pytest
import shapely
from pyproj import Geod

from layers.editing.cutting import NotCut, cut
from layers.registry import layer_named
from tests.e2e.mapview import MapPage

OpenMap = Callable[..., MapPage]
RUN = """async (name) => {
    const shell = document.querySelector('script[src*="js/shell.js"]').src;
    const m = await import(new URL('map/' + name, shell).href);
    BODY
}"""


@pytest.fixture
def run(open_map: OpenMap) -> Callable[[str, str], Any]:
    """`run("states.js", "return m.STATES")`: a module's functions on values, by a script."""
    page = open_map(None, "/login/").page
    return lambda module, body: page.evaluate(RUN.replace("BODY", body), module)


def test_positions_are_read_as_people_write_them(run: Callable[[str, str], Any]) -> None:
    texts = [
        "109.71, 28.35",
        "28.35 109.71",
        "１０９．７１，２８．３５",
        "109°42′36″ 28°21′0″",
        "12, 5000",
        "花垣",
    ]
    found = run("coordinates.js", f"return {texts!r}.map(m.parsePosition)")
    expected = {"lon": 109.71, "lat": 28.35}
    for position in found[:4]:
        assert position == pytest.approx(expected)
    assert found[4:] == [None, None]


def test_a_view_survives_its_address(run: Callable[[str, str], Any]) -> None:
    body = """
        const states = [
            {zoom: 12.5, lat: 28.5, lon: 109.5, layers: ['roads'], colouring: 'class', rasters: [
                {name: 'dem-2024', render: 'slope', opacity: 60},
                {name: 'dem', render: 'hillshade', opacity: 100},
                {name: 'ortho', render: 'colours', opacity: 0},
                {name: 'classes', render: 'colours', opacity: 100},
            ]},
            {zoom: 7, lat: 27, lon: 111, layers: [], colouring: 'state', rasters: []},
            {zoom: 7, lat: 27, lon: 111, layers: null, colouring: 'state', rasters: []},
        ];
        return states.map((state) => [state, m.parseHash(m.formatHash(state))]);
    """
    for state, parsed in run("permalink.js", body):
        assert parsed == state
    assert run("permalink.js", "return ['', '#x', '#99/0/0', '#8/91/0'].map(m.parseHash)") == [
        None,
        None,
        None,
        None,
    ]


def test_an_empty_map_of_a_past_day_says_why(run: Callable[[str, str], Any]) -> None:
    days = "[['2024-03-01', null], ['2024-03-01', '2024-03-02'], ['2024-03-02', '2024-03-02']]"
    none, before, since = run("past/mode.js", f"return {days}.map((each) => m.noteOf(...each))")
    assert none == "没有您可查看的记录，当天的地图是空的。"
    assert before == "当时尚无数据，记录始于 2024-03-02。"
    assert since == "管护状态为今天的状态；此时不能编辑。"


def test_of_an_address_s_rasters_what_cannot_be_read_is_left_out(
    run: Callable[[str, str], Any],
) -> None:
    text = "dem:slope,../x,dem:terrain-rgb,a:colours:101,b:colours:1e2,<i>,,c:hillshade:5"
    found = run("rasters/shown.js", f"return m.parseShown({text!r})")
    assert found == [
        {"name": "dem", "render": "slope", "opacity": 100},
        {"name": "c", "render": "hillshade", "opacity": 5},
    ]
    assert len(run("rasters/shown.js", "return m.parseShown('a,'.repeat(10000))")) <= 50
    old = run("permalink.js", "return m.parseHash('#7/27/111//state').rasters")
    assert old == []


def test_every_change_of_a_draft_is_taken_back_by_its_inverse(
    run: Callable[[str, str], Any],
) -> None:
    body = """
        const before = {geometry: null, properties: {name: 'a', lanes: 2}};
        const changes = [
            {kind: 'property', name: 'name', value: 'b'},
            {kind: 'geometry', geometry: {type: 'Point', coordinates: [1, 2]}},
        ];
        return changes.map((change) => {
            const {draft, inverse} = m.apply(before, change);
            return [draft, m.apply(draft, inverse).draft];
        });
    """
    for after, undone in run("edit/operations.js", body):
        assert after != undone
        assert undone == {"geometry": None, "properties": {"name": "a", "lanes": 2}}


def test_only_what_changed_is_sent(run: Callable[[str, str], Any]) -> None:
    body = """
        const base = {geometry: null, properties: {name: 'a', width: '3.50', note: null}};
        const draft = {geometry: null, properties: {name: 'a', width: '4', note: ''}};
        return m.changesBetween(base, draft);
    """
    assert run("edit/operations.js", body) == {"properties": {"width": "4"}, "geometry": None}


def test_an_edit_id_is_a_uuid_also_without_a_secure_context(
    run: Callable[[str, str], Any],
) -> None:
    body = """
        const had = crypto.randomUUID;
        crypto.randomUUID = undefined;
        const made = m.newUid();
        crypto.randomUUID = had;
        return made;
    """
    made = run("edit/uid.js", body)
    assert len(made) == 36
    assert made[14] == "4"
    assert made[19] in "89ab"


def test_a_group_shows_a_grave_state_only_when_it_is_not_rare(
    run: Callable[[str, str], Any],
) -> None:
    body = """
        const groups = [{ok: 95, overdue: 5}, {ok: 80, overdue: 20}, {ok: 8, due: 2}, {none: 4}];
        return groups.map((group) => m.stateOfGroup((state) => group[state] ?? 0));
    """
    assert run("states.js", body) == ["ok", "overdue", "due", "none"]


def test_lengths_on_the_map_are_those_of_the_ellipsoid(run: Callable[[str, str], Any]) -> None:
    line = [[109.34, 28.50], [109.35, 28.52], [109.36, 28.52], [109.36, 28.46]]
    expected = Geod(ellps="GRS80").line_length(*zip(*line, strict=True))
    found = run("edit/ellipsoid.js", f"return m.lengthOf({line})")
    assert found == pytest.approx(expected, rel=1e-6)


BENT = [[109.0, 28.0], [109.01, 28.01], [109.02, 28.0], [109.03, 28.01]]
CUTS = {
    "at a point": ([BENT], {"type": "Point", "coordinates": [109.005, 28.005]}),
    "at an end": ([BENT], {"type": "Point", "coordinates": [109.0, 28.0]}),
    "across, three times": (
        [BENT], {"type": "LineString", "coordinates": [[109.0, 28.004], [109.04, 28.006]]},
    ),
    "one part of two": (
        [BENT, [[109.0, 28.1], [109.01, 28.1]]],
        {"type": "LineString", "coordinates": [[109.002, 28.09], [109.002, 28.11]]},
    ),
    "beside": ([BENT], {"type": "LineString", "coordinates": [[109.0, 28.2], [109.1, 28.2]]}),
}  # fmt: skip


@pytest.mark.parametrize("case", CUTS)
def test_the_pieces_shown_before_a_split_are_those_that_the_service_cuts(
    run: Callable[[str, str], Any], case: str
) -> None:
    lines, blade = CUTS[case]
    shape, knife = shapely.MultiLineString(lines), shapely.geometry.shape(blade)
    try:
        expected = cut(layer_named("roads"), shape, knife)
    except NotCut:
        expected = [shape]
    whole = {"type": "MultiLineString", "coordinates": lines}
    found = run("edit/cutting.js", f"return m.cut({whole}, {blade})")
    pieces = [shapely.MultiLineString(each["lines"]) for each in found]
    assert len(pieces) == len(expected)
    for one, other in zip(pieces, expected, strict=True):
        assert one.equals_exact(other, tolerance=1e-9)
