"""The pyramid is the recount, and a tile's version tells of every change of what it shows."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import mapbox_vector_tile
import pytest
from django.db import connection, transaction

from layers.access.policy import Scope
from layers.editing.upkeep import record_upkeeps
from layers.models import Feature, UpkeepState, User
from layers.registry import LAYERS, layer_named
from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN, SHIBADONG, XIANGXI, place
from tests.tiles.conftest import tile_over
from tiles import rule, serving
from tiles.coordinates import CELL_STEPS, Tile
from tiles.overview.building import rebuild
from tiles.overview.folding import fold
from tiles.overview.levels import COUNTS
from tiles.overview.reading import TileReading
from tiles.overview.surroundings import RING_STEPS, ring_of
from tiles.overview.watching import TRIGGERS

pytestmark = pytest.mark.django_db
TOILETS = layer_named("toilets")
TOWNSHIP = SHIBADONG[:9] + "000"


def reading(tile: Tile, *prefixes: str) -> TileReading:
    return TileReading(TOILETS, tile, Scope.of(prefixes or ("",)))


def standing(tile: Tile, *prefixes: str) -> tuple[int, str | None]:
    """Count and tag of a tile for a scope."""
    found = reading(tile, *prefixes)
    with connection.cursor() as cursor:
        cursor.execute(found.standing, found.values)
        row = cursor.fetchone()
    return row[0], serving.standing(found, row).tag


def drawn_tag(tile: Tile) -> str:
    """The tag that comes with the bytes, for who sees everything."""
    return serving.serve("toilets", tile, User(is_superuser=True, is_active=True)).tag


def content(body: bytes) -> Any:
    """What a tile says, whatever order it says it in."""
    decoded = mapbox_vector_tile.decode(body).get("toilets", {"features": []})["features"]
    return sorted(repr(sorted(feature.items())) for feature in decoded)


class Walk:
    """Edits at random: some seen by tiles, some not, some taken back."""

    def __init__(self, edit: Callable[..., Any], make_feature: Callable[..., Feature]) -> None:
        self.random = random.Random(20220501)  # noqa: S311 - the same walk each time
        self.edit, self.make_feature = edit, make_feature
        self.alive: list[Feature] = []

    def anywhere(self) -> tuple[float, float]:
        lon, lat = self.random.choice([IN_HUAYUAN, IN_FENGHUANG])
        return lon + self.random.uniform(-0.01, 0.01), lat + self.random.uniform(-0.01, 0.01)

    def one(self) -> Feature:
        feature = self.random.choice(self.alive)
        feature.refresh_from_db()
        return feature

    def create(self) -> None:
        self.alive.append(self.make_feature("toilets", self.anywhere()))

    def move(self) -> None:
        self.edit("toilets", "update", self.one(), geometry=place("toilets", *self.anywhere()))

    def classify(self) -> None:
        kind = self.random.choice(["three_chamber", "biogas", "public"])
        self.edit("toilets", "update", self.one(), toilet_type=kind)

    def rename(self) -> None:
        self.edit("toilets", "update", self.one(), name=f"公厕{self.random.random()}")

    def keep(self) -> None:
        """No tile shows who keeps a toilet."""
        self.edit("toilets", "update", self.one(), keeper=f"{self.random.random()}")

    def wear(self) -> None:
        some = self.random.sample(self.alive, min(3, len(self.alive)))
        states = {each.pk: (None, self.random.choice(list(UpkeepState))) for each in some}
        record_upkeeps(TOILETS, states)

    def delete(self) -> None:
        gone = self.one()
        self.edit("toilets", "delete", gone)
        self.alive.remove(gone)

    def think_better_of_it(self) -> None:
        """A transaction with every kind of write, rolled back."""
        alive = list(self.alive)
        with transaction.atomic():
            for write in (self.create, self.move, self.wear, self.delete):
                write()
            transaction.set_rollback(True)
        self.alive = alive

    def fold(self) -> None:
        fold()


STEPS = ["create", "move", "classify", "rename", "keep", "wear", "delete"]
STEPS += ["think_better_of_it", "fold"]
INVISIBLE = {"keep", "think_better_of_it", "fold"}


def test_whatever_is_written_the_pyramid_is_the_recount_and_no_tag_means_two_tiles(
    edit, make_feature, steward, wrong_cells, monkeypatch
) -> None:
    monkeypatch.setattr(rule, "RAW_LIMIT", 8)  # so that tiles are of both kinds
    walk = Walk(edit, make_feature)
    for _start in range(6):
        walk.create()
    tiles = [tile_over(*IN_HUAYUAN, z) for z in (0, 8, 14, 18)] + [tile_over(*IN_FENGHUANG, 11)]
    meaning: dict[tuple[Tile, str], Any] = {}
    tags: dict[Tile, str] = {}
    for _step in range(45):
        step = walk.random.choice(STEPS if len(walk.alive) > 3 else ["create"])
        getattr(walk, step)()
        assert wrong_cells(TOILETS) == [], step
        for tile in tiles:
            tag, body = serving.serve("toilets", tile, steward)
            shown = content(body or b"")
            assert meaning.setdefault((tile, tag), shown) == shown, step
            assert serving.serve("toilets", tile, steward, {tag}) == (tag, None), (
                "drawn for nothing"
            )
            if step in INVISIBLE and tile in tags:
                assert tags[tile] == tag, step
            tags[tile] = tag


def test_a_change_that_tiles_show_changes_the_version_and_one_elsewhere_does_not(
    edit, make_feature
) -> None:
    here = make_feature("toilets", IN_HUAYUAN)
    there = make_feature("toilets", IN_FENGHUANG)
    tile = tile_over(*IN_HUAYUAN, 14)

    def version() -> int | None:
        return standing(tile)[1]

    for change in ({"name": "公厕"}, {"toilet_type": "biogas"}):
        before = version()
        here.refresh_from_db()
        edit("toilets", "update", here, **change)
        assert version() != before, change
    before = version()
    edit("toilets", "update", there, name="别处")
    assert version() == before
    record_upkeeps(TOILETS, {here.pk: (None, UpkeepState.DEFECTIVE)})
    assert version() != before
    before = version()
    record_upkeeps(TOILETS, {here.pk: (None, UpkeepState.DEFECTIVE)})
    assert version() == before


def test_two_equal_changes_do_not_cancel_each_other_out(edit, make_feature) -> None:
    tile = tile_over(*IN_HUAYUAN, 14)
    empty = standing(tile)
    for _times in range(2):
        edit("toilets", "delete", make_feature("toilets", IN_HUAYUAN))
    assert standing(tile)[0] == empty[0] == 0
    assert standing(tile)[1] != empty[1]


def test_a_version_covers_the_buffer_that_raw_tiles_are_drawn_with(make_feature) -> None:
    tile = tile_over(*IN_HUAYUAN, 14)
    width = 360 / 2**14
    edge = (tile.x + 1) * width - 180
    before = standing(tile)[1], drawn_tag(tile)
    make_feature("toilets", (edge + width / 100, IN_HUAYUAN[1]))
    count, tag = standing(tile)
    assert (count, tag) == (0, drawn_tag(tile))
    assert tag not in before
    make_feature("toilets", (edge + width * 3 / 4, IN_HUAYUAN[1]))
    assert standing(tile) == (0, tag)


@pytest.mark.parametrize("steps", [RING_STEPS, CELL_STEPS])
@pytest.mark.parametrize("z", [0, 1, 6, 13, 15, 16, 17, 22])
def test_the_ring_is_every_cell_that_the_buffer_touches(z, steps) -> None:
    """Compared with the places of a fine grid over the buffered tile, cell by cell."""
    tile = Tile(z, (1 << z) * 4 // 5, (1 << z) * 2 // 5)
    ring = ring_of(tile, steps)
    scale = 2.0 ** (ring.level - z)
    parts = [-1 / 64 + i * (1 + 1 / 32) / 400 for i in range(401)]
    columns, rows = (
        {int((at + part) * scale) for part in parts if 0 <= (at + part) * scale < 2**ring.level}
        for at in (tile.x, tile.y)
    )
    touched = {
        sum((column >> b & 1) << 2 * b | (row >> b & 1) << 2 * b + 1 for b in range(24))
        for column in columns
        for row in rows
    }
    shift = 2 * (24 - ring.level)
    first, last = (code >> shift for code in tile.morton_range)
    inside = set() if z > 16 else {code for code in touched if first <= code <= last}
    assert set(ring.codes) == touched - inside
    assert len(ring.codes) == len(set(ring.codes))


def test_a_scope_of_counties_is_counted_by_county(make_feature) -> None:
    for at in (IN_HUAYUAN, IN_HUAYUAN, IN_FENGHUANG):
        make_feature("toilets", at)
    fold()
    make_feature("toilets", IN_FENGHUANG)
    whole = Tile(0, 0, 0)
    assert standing(whole)[0] == standing(whole, XIANGXI[:4])[0] == 4
    assert standing(whole, HUAYUAN[:6])[0] == standing(whole, FENGHUANG[:6])[0] == 2
    assert standing(whole, "4302")[0] == 0
    before = standing(whole, HUAYUAN[:6])
    make_feature("toilets", IN_FENGHUANG)
    assert standing(whole, HUAYUAN[:6]) == before, "edits elsewhere are not told"


def test_a_scope_below_a_county_is_counted_exactly_and_told_no_version(make_feature) -> None:
    make_feature("toilets", division=TOWNSHIP)
    make_feature("toilets", division=SHIBADONG)
    make_feature("toilets")
    make_feature("toilets", IN_FENGHUANG)
    fold()
    for z in (0, 9, 16):
        assert standing(tile_over(*IN_HUAYUAN, z), TOWNSHIP[:9]) == (2, None)
    assert standing(Tile(0, 0, 0), TOWNSHIP[:9], FENGHUANG[:6]) == (3, None)


@pytest.mark.parametrize("prefix", [HUAYUAN[:6], TOWNSHIP[:9]])
def test_a_raw_tile_has_the_scope_s_features_of_its_buffer_and_no_others(
    make_feature, prefix
) -> None:
    """At low zooms they are found through the pyramid; everybody else finds them by their place."""
    tile = tile_over(*IN_HUAYUAN, 9)
    width = 360 / 2**9
    west, east = tile.x * width - 180, (tile.x + 1) * width - 180
    lat = IN_HUAYUAN[1]
    steps = (-1 / 60, -1 / 70, 0, 1 / 3, 1, 1 + 1 / 70, 1 + 1 / 60)
    for number, step in enumerate(steps):
        if number == 3:
            fold()
        make_feature("toilets", (west + step * (east - west), lat), division=SHIBADONG)
    make_feature("toilets", (west, lat), division=FENGHUANG)
    found = reading(tile, prefix)
    assert found.selective
    with connection.cursor() as cursor:
        statement = serving.statements.drawing(found, rule.Kind.RAW)
        cursor.execute(statement.text, statement.values)
        _version, body = cursor.fetchone()
    assert len(mapbox_vector_tile.decode(bytes(body))["toilets"]["features"]) == len(steps) - 2


def test_a_township_s_cells_are_its_own_and_change_with_its_edits(
    make_feature, edit, account, monkeypatch
) -> None:
    monkeypatch.setattr(rule, "RAW_LIMIT", 0)
    mine = make_feature("toilets", division=TOWNSHIP)
    other = make_feature("toilets")
    reader = account("viewer", TOWNSHIP)
    tag, body = serving.serve("toilets", Tile(0, 0, 0), reader)
    (cell,) = mapbox_vector_tile.decode(body)["toilets"]["features"]
    assert (cell["properties"]["n"], cell["properties"]["aggregate"]) == (1, True)
    edit("toilets", "delete", other)
    assert serving.serve("toilets", Tile(0, 0, 0), reader, {tag}) == (tag, None)
    edit("toilets", "delete", mine)
    assert serving.serve("toilets", Tile(0, 0, 0), reader, {tag}).body == b""


def test_two_readers_never_share_a_tag(make_feature, account) -> None:
    """Both see the same: one county's features are all there are."""
    make_feature("toilets")
    tags = {
        serving.serve("toilets", Tile(0, 0, 0), account("viewer", division)).tag
        for division in (HUAYUAN, XIANGXI)
    }
    assert len(tags) == 2


def test_a_known_tag_is_answered_without_drawing(make_feature, steward, monkeypatch) -> None:
    make_feature("toilets")
    tag = serving.serve("toilets", Tile(0, 0, 0), steward).tag
    monkeypatch.setattr(serving.statements, "drawing", None)
    assert serving.serve("toilets", Tile(0, 0, 0), steward, {tag}) == (tag, None)


def test_features_without_a_place_are_not_on_the_map(edit, wrong_cells) -> None:
    outcome = edit(
        "assets", "create", division=HUAYUAN, name="股权", asset_class="public", state="in_use"
    )
    assert outcome.feature_id
    assert wrong_cells() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tiles_cell_delta")
        assert cursor.fetchone() == (0,)


def edges() -> Iterator[tuple[float, float]]:
    """Places exactly on the edges of tiles: 112.5° is an edge from zoom 4 on."""
    import math

    for row in (27, 108, 433):
        zoom = {27: 6, 108: 8, 433: 10}[row]
        lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**zoom))))
        yield 112.5, lat
        yield 112.3, lat
    yield 112.5, 28.2


@pytest.mark.parametrize("limit", [0, 3])
def test_every_tile_row_adds_up_to_the_recount(make_feature, steward, monkeypatch, limit) -> None:
    monkeypatch.setattr(rule, "RAW_LIMIT", limit)
    spots = [*edges(), IN_HUAYUAN, IN_FENGHUANG]
    for at in spots:
        make_feature("toilets", at)
    make_feature("toilets", spots[0])
    fold()
    make_feature("toilets", spots[2])
    for z in range(14):
        tiles = {
            Tile(z, tile.x + dx, tile.y + dy)
            for tile in (tile_over(*at, z) for at in spots)
            for dx in (-1, 0)
            for dy in (-1, 0)
        }
        shown = sum(
            represented(serving.serve("toilets", tile, steward).body)
            for tile in tiles
            if tile.exists
        )
        assert shown == len(spots) + 2, z


def represented(body: bytes | None) -> int:
    """Features a tile stands for. Of raw ones only those inside: its buffer is its neighbours'."""
    if not body:
        return 0
    found = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})["toilets"]
    return sum(
        feature["properties"].get("n", 1)
        for feature in found["features"]
        if all(0 <= ordinate < 4096 for ordinate in feature["geometry"]["coordinates"])
    )


def test_cells_of_the_finest_level_stand_for_tiles_too_dense_to_count(
    make_feature, steward, monkeypatch
) -> None:
    monkeypatch.setattr(rule, "RAW_LIMIT", 1)
    monkeypatch.setattr(rule, "GROUPED_LIMIT", 2)
    for _each in range(3):
        make_feature("toilets")
    for z in (11, 13, 16):
        tile = tile_over(*IN_HUAYUAN, z)
        assert rule.kind_of(tile, 3) is rule.Kind.CELLS
        assert represented(serving.serve("toilets", tile, steward).body) == 3


def test_emptying_a_table_empties_its_cells_and_no_other_s(make_feature, wrong_cells) -> None:
    for name in ("toilets", "roads"):
        make_feature(name)
    fold()
    make_feature("toilets")
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("TRUNCATE layers_toilet")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert wrong_cells() == []
    assert standing(Tile(0, 0, 0))[0] == 0


def test_a_recount_puts_right_what_was_written_behind_the_triggers_back(
    make_feature, wrong_cells
) -> None:
    make_feature("toilets")
    version = standing(Tile(0, 0, 0))[1]
    fold()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tiles_cell SET n_ok = n_ok + 1 WHERE level = 9")
    make_feature("toilets")
    assert len(wrong_cells()) == 1
    assert rebuild(layer="toilets", table="layers_toilet") == 2
    assert wrong_cells() == []
    assert standing(Tile(0, 0, 0))[1] != version


def test_every_layer_is_watched_and_every_state_has_its_column() -> None:
    assert tuple(f"n_{state}" for state in UpkeepState.values) == COUNTS
    for layer in LAYERS.values():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", [layer.table]
            )
            assert set(TRIGGERS) <= {name for (name,) in cursor.fetchall()}, layer.name
            cursor.execute(
                "SELECT prosrc FROM pg_proc WHERE proname = %s", [f"tiles_watch_{layer.table}"]
            )
            assert f'"{layer.classify}" AS class' in cursor.fetchone()[0]
