"""The panel of offline packs without a browser: what it offers, takes and refuses."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from gisapp.web.templatetags.packs import ground
from tests.conftest import FENGHUANG, HUAYUAN
from tests.tiles.packs.test_shapes import BOW, SQUARE, polygon
from tiles.models import Pack

FORM = {"max_zoom": "9", "budget": "10", "layers": ["roads", "divisions"]}


def drawn(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.geojson", content, "application/geo+json")


def test_a_pack_of_a_division_is_begun(account, signed_in) -> None:
    client = signed_in(account("viewer", HUAYUAN))
    answer = client.post("/exports/packs/new", {**FORM, "area": " 花垣县 "})
    assert answer.status_code == 302
    pack = Pack.objects.get()
    assert (pack.code, pack.layers, pack.max_zoom) == (HUAYUAN, FORM["layers"], 9)
    assert pack.budget == 10_000_000
    listed = client.get("/exports/packs/list").content.decode()
    assert "花垣县" in listed
    assert "排队中" in listed
    client.post(f"/exports/packs/{pack.uid}/cancel")
    client.post(f"/exports/packs/{pack.uid}/remove")
    assert not Pack.objects.exists()


def test_a_pack_of_a_drawn_area_is_begun(account, signed_in) -> None:
    client = signed_in(account("viewer", HUAYUAN))
    shape = drawn(json.dumps(polygon(SQUARE)).encode())
    assert client.post("/exports/packs/new", {**FORM, "shape": shape}).status_code == 302
    assert Pack.objects.get().shape.extent == (109.4, 28.5, 109.5, 28.6)


WRONG = {
    "no area": ({}, 400),
    "another county": ({"area": FENGHUANG}, 403),
    "no number": ({"area": HUAYUAN, "max_zoom": "²"}, 400),
    "no layer": ({"area": HUAYUAN, "layers": []}, 422),
    "nul": ({"area": HUAYUAN, "raster": "a\x00"}, 400),
    "crossing itself": ({"shape": json.dumps(polygon(BOW)).encode()}, 422),
    "no text": ({"shape": b"\xff\xfe"}, 400),
}


@pytest.mark.parametrize(("sent", "status"), WRONG.values(), ids=WRONG)
def test_a_refused_form_is_shown_again_and_keeps_nothing(account, signed_in, sent, status) -> None:
    client = signed_in(account("viewer", HUAYUAN))

    def form() -> dict:
        given = {**FORM, **sent}
        return {**given, "shape": drawn(given["shape"])} if "shape" in given else given

    answer = client.post("/exports/packs/new", form())
    assert answer.status_code == status
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert 'name="area"' in page
    estimate = client.post("/exports/packs/estimate", form())
    assert 'role="alert"' in estimate.content.decode()
    assert not Pack.objects.exists()


def test_an_outline_from_the_map_is_estimated_in_words(account, signed_in) -> None:
    client = signed_in(account("viewer", HUAYUAN))
    sent = {**FORM, "outline": json.dumps(polygon(SQUARE))}
    page = client.post("/exports/packs/estimate", sent).content.decode()
    assert "面积 108 平方公里，范围内有 0 个要素" in page
    page = client.post("/exports/packs/estimate", {**sent, "outline": "{"}).content.decode()
    assert 'role="alert"' in page


@pytest.mark.parametrize(
    ("area", "text"), [(15_000, "1.5 公顷"), (2_340_000, "2.3 平方公里"), (1.2e9, "1,200 平方公里")]
)
def test_areas_are_told_in_the_unit_that_suits_them(area: float, text: str) -> None:
    with translation.override("zh-hans"):
        assert ground(area) == text


def test_the_card_beside_the_map_cancels_and_stays(account, signed_in) -> None:
    client = signed_in(account("viewer", HUAYUAN))
    client.post("/exports/packs/new", {**FORM, "area": HUAYUAN})
    pack = Pack.objects.get()
    card = client.get(f"/exports/packs/{pack.uid}/card").content.decode()
    assert "every 2s" in card
    answer = client.post(
        f"/exports/packs/{pack.uid}/cancel", headers={"HX-Request": "true"}, follow=True
    )
    assert answer.redirect_chain == [(f"/exports/packs/{pack.uid}/card", 302)]
    assert "已取消" in answer.content.decode()
    assert "every 2s" not in answer.content.decode()
    other = signed_in(account("viewer", HUAYUAN))
    assert other.get(f"/exports/packs/{pack.uid}/card").status_code == 404
