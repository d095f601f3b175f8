"""A raster in a pack: the tiles that the map draws of it, in an archive of their own."""

import json

import pytest
from django.http import QueryDict
from django.utils import timezone
from pmtiles.tile import Compression, TileType

from layers.errors import NotFound, Rejected
from layers.models import Raster
from tests.conftest import FENGHUANG, IN_FENGHUANG
from tests.importers.rasters import files as samples
from tests.tiles.packs.conftest import Opened
from tests.tiles.packs.test_packs import drawn
from tests.tiles.rasters.conftest import INSIDE, chief, imported, shown, unboxed
from tiles.packs import jobs
from tiles.packs.building import estimate
from tiles.packs.tasks import make_pack
from tiles.packs.wish import Wish
from tiles.rasters import serving
from tiles.rasters.asking import Asked

__all__ = ["chief", "imported", "shown", "unboxed"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def heights(shown) -> Raster:
    return shown(samples.slope(300, 300), "elevation", name="heights")


def made(actor, raster, **more):
    area = drawn(*INSIDE, half=0.002)
    wish = Wish(area, layers=("divisions",), raster=raster.name, **more)
    pack = jobs.begin_pack(actor=actor, wish=wish)
    make_pack.func(str(pack.uid))
    pack.refresh_from_db()
    return pack


def test_its_tiles_are_those_of_the_map(heights, chief) -> None:
    pack = made(chief, heights, max_zoom=heights.max_zoom + 1)
    assert pack.state == "done", pack.problem
    vectors, raster = pack.manifest["files"]
    assert raster["name"] == "raster-heights.pmtiles"
    assert raster["max_zoom"] == heights.max_zoom < vectors["max_zoom"]
    opened = Opened(jobs.file_of(chief, pack.uid, raster["name"])[2])
    assert opened.header["tile_type"] is TileType.PNG
    assert opened.header["tile_compression"] is Compression.NONE
    assert pack.manifest["raster"] == {
        "name": "heights",
        "version": 1,
        "sha256": heights.sha256,
    }
    asked = Asked.of(QueryDict(), heights)
    for tile, body in opened.tiles.items():
        assert body == serving.drawn(serving.requested(heights, tile, asked, "png"))
    assert {tile.z for tile in opened.tiles} == set(range(raster["min_zoom"], heights.max_zoom + 1))
    assert sum(each["size"] for each in pack.manifest["files"]) == pack.size


def test_a_raster_that_is_taken_off_the_map_takes_the_pack_along(heights, chief, signed_in) -> None:
    pack = made(chief, heights, max_zoom=12)
    client = signed_in(chief)
    address = f"/api/packs/{pack.uid}/files/raster-heights.pmtiles"
    assert client.get(address).status_code == 200
    compared = json.dumps(pack.manifest)

    def told():
        answer = client.post("/api/packs/compare", compared, content_type="application/json")
        return answer.json()["raster"]

    assert told()["changed"] is False
    Raster.objects.update(version=2)
    assert (told()["changed"], told()["version_now"]) == (True, 2)
    kept = heights.sha256
    Raster.objects.update(sha256="0" * 64)
    assert client.get(address).status_code == 403, "another one of its name"
    Raster.objects.update(sha256=kept, removed_at=timezone.now())
    assert client.get(address).status_code == 403
    assert (told()["changed"], told()["version_now"]) == (True, None)


def test_one_that_has_no_part_of_the_area_or_no_tile_of_the_zoom_is_refused(heights, chief) -> None:
    for area, zoom in ((drawn(113.0, 28.0), 14), (drawn(*INSIDE), 2)):
        with pytest.raises(Rejected):
            estimate(actor=chief, wish=Wish(area, raster="heights", max_zoom=zoom))


def test_one_that_the_maker_does_not_see_is_not_there(heights, account) -> None:
    Raster.objects.update(division="433124000000")
    reader = account("viewer", FENGHUANG)
    with pytest.raises(NotFound):
        estimate(actor=reader, wish=Wish(drawn(*IN_FENGHUANG), raster="heights"))
