"""What a plate opens: for everyone, for those who work there, and the check on the spot."""

import re
import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from gisapp.verification.models import Photo, PositionSource, Visit
from layers.models import UpkeepState
from layers.plates import plate_of
from layers.registry import LAYERS
from tests.conftest import FENGHUANG, HUAYUAN, IN_HUAYUAN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def plate(layer: str, feature) -> str:
    return plate_of(LAYERS[layer], feature.pk)


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40)) -> SimpleUploadedFile:
    out = BytesIO()
    Image.effect_noise(size, 50).convert("RGB").save(out, kind)
    return SimpleUploadedFile("../../../x.php", out.getvalue(), "text/html")


def check(**more) -> dict:
    now = timezone.now().isoformat()
    return {
        "uid": str(uuid.uuid4()),
        "verdict": "as_recorded",
        "captured_at": now,
        "longitude": IN_HUAYUAN[0],
        "latitude": IN_HUAYUAN[1] + 0.001,
        "accuracy": "8.5",
        "positioned_at": now,
        **more,
    }


def comparable(response, code: str) -> str:
    """A page without what differs from request to request: the CSRF token and the code asked."""
    text = re.sub(
        r'(csrf-token" content|csrfmiddlewaretoken" value)="[^"]+"', "", response.content.decode()
    )
    return text.replace(code, "CODE")


def test_what_is_not_disclosed_looks_exactly_like_what_is_not_there(make_feature) -> None:
    toilet = make_feature("toilets", householder="石三毛", phone="13800000000")
    code = plate("toilets", toilet)
    # The same plate with a mistyped check character is nobody's.
    mistyped = code[:-1] + ("0" if code[-1] != "0" else "1")
    here, nowhere = Client().get(f"/q/{code}"), Client().get(f"/q/{mistyped}")
    assert here.status_code == nowhere.status_code == 404
    assert comparable(here, code) == comparable(nowhere, mistyped)
    varying = {"Set-Cookie": "", "Expires": ""}
    assert dict(here.headers) | varying == dict(nowhere.headers) | varying
    image = Client().get(f"/q/{code}.svg")
    assert image.status_code == 404


def test_the_public_sees_public_fields_and_the_township_only(make_feature) -> None:
    work = make_feature(
        "water-works", division="433124110226", disinfection="hypochlorite", operator="双龙镇水厂"
    )
    response = Client().get(f"/q/{plate('water-works', work)}")
    page = response.content.decode()
    assert response.status_code == 200
    assert "山泉水厂" in page
    assert "双龙镇水厂" in page
    assert "双龙镇" in page
    assert "12317" in page
    for hidden in ("十八洞村", "109.48", "28.57", "state-", "uri.amap.com"):
        assert hidden not in page


def test_fields_that_are_not_public_do_not_change_a_byte(make_feature, edit) -> None:
    work = make_feature("water-works")
    code = plate("water-works", work)
    before = comparable(Client().get(f"/q/{code}"), code)
    edit("water-works", "update", work, water_fee_per_m3=2.5, quality_ok=False, upkeep_score=12)
    assert comparable(Client().get(f"/q/{code}"), code) == before


def test_outside_ones_grants_one_is_the_public(make_feature, account, signed_in) -> None:
    work, toilet = make_feature("water-works"), make_feature("toilets")
    client = signed_in(account("inspector", FENGHUANG))
    assert "visit-form" not in client.get(f"/q/{plate('water-works', work)}").content.decode()
    assert client.get(f"/q/{plate('toilets', toilet)}").status_code == 404


def test_an_owners_own_code_opens_the_page_too(make_feature, account, signed_in) -> None:
    work = make_feature("water-works", code="SC-2020-17")
    page = signed_in(account("viewer", HUAYUAN)).get("/q/SC-2020-17").content.decode()
    assert work.name in page


def test_inside_there_are_facts_and_links_in_wgs84(make_feature, account, signed_in) -> None:
    work = make_feature("water-works")
    page = signed_in(account("viewer", HUAYUAN)).get(f"/q/{plate('water-works', work)}")
    text = page.content.decode()
    for link in ("coordinate=wgs84", "coord_type=wgs84", "coord_type=1", "geo:28.57"):
        assert link in text
    assert "visit-form" not in text


def test_a_check_is_kept_with_its_distance_and_photos(
    make_feature, account, signed_in, media
) -> None:
    work = make_feature("water-works")
    code = plate("water-works", work)
    client = signed_in(account("inspector", HUAYUAN))
    assert "visit-form" in client.get(f"/q/{code}").content.decode()
    sent = client.post(f"/q/{code}/visit", check(photos=[picture(), picture("PNG")], notes="良好"))
    assert sent.status_code == 302
    visit = Visit.objects.get()
    assert visit.position_source == PositionSource.DEVICE
    # 0.001 degrees of latitude at 28.57°N are 110.8 m on the ellipsoid.
    assert visit.distance_m == pytest.approx(110.8, abs=0.2)
    assert visit.accuracy_m == 8.5
    photos = list(visit.photos.all())
    assert [each.content_type for each in photos] == ["image/jpeg", "image/png"]
    for each in photos:
        stored = media / each.stored_name
        assert stored.stat().st_size == each.size
        assert each.sha256 in each.stored_name
        assert ".." not in each.stored_name
    assert "良好" in client.get(f"/q/{code}").content.decode()


def test_the_same_visit_twice_is_one(make_feature, account, signed_in) -> None:
    work = make_feature("water-works")
    client = signed_in(account("inspector", HUAYUAN))
    body = check()
    for _time in range(2):
        assert client.post(f"/q/{plate('water-works', work)}/visit", body).status_code == 302
    assert Visit.objects.count() == 1
    other = signed_in(account("inspector", HUAYUAN))
    assert other.post(f"/q/{plate('water-works', work)}/visit", body).status_code == 403


@pytest.mark.parametrize(
    ("role", "division", "status"),
    [
        ("inspector", HUAYUAN, 302),
        ("steward", HUAYUAN, 302),
        ("administrator", HUAYUAN, 302),
        ("viewer", HUAYUAN, 403),
        ("maintainer", HUAYUAN, 403),
        ("planner", HUAYUAN, 403),
        ("reviewer", HUAYUAN, 403),
        ("inspector", FENGHUANG, 404),
        ("viewer", FENGHUANG, 403),
        (None, None, 403),
    ],
)
def test_only_inspectors_of_the_division_check(
    make_feature, account, signed_in, media, role, division, status
) -> None:
    work = make_feature("water-works")
    client = signed_in(account(role, division))
    sent = client.post(f"/q/{plate('water-works', work)}/visit", check(photos=[picture()]))
    assert sent.status_code == status
    assert Visit.objects.exists() == (status == 302)
    assert any(media.rglob("*.jpg")) == (status == 302)


def test_without_an_account_nothing_is_kept(make_feature) -> None:
    work = make_feature("water-works")
    sent = Client().post(f"/q/{plate('water-works', work)}/visit", check())
    assert sent.status_code == 302
    assert sent["Location"].startswith("/login/")
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"longitude": "0", "latitude": "0"},
        {"longitude": "181"},
        {"latitude": "91"},
        {"latitude": "nan"},
        {"longitude": ""},
        {"accuracy": ""},
        {"accuracy": "-1"},
        {"accuracy": "inf"},
        {"positioned_at": ""},
        {"positioned_at": "2100-01-01T00:00:00Z"},
        {"captured_at": "2100-01-01T00:00:00Z"},
        {"captured_at": "2020-01-01T00:00:00Z"},
        {"verdict": "wonderful"},
        {"verdict": "defect", "notes": " "},
        {"uid": "x"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    make_feature, account, signed_in, media, wrong
) -> None:
    work = make_feature("water-works")
    client = signed_in(account("inspector", HUAYUAN))
    sent = client.post(f"/q/{plate('water-works', work)}/visit", check(**wrong, photos=[picture()]))
    assert sent.status_code == 422
    assert not list(media.rglob("*.jpg"))
    assert not Visit.objects.exists()


def test_a_position_by_hand_is_kept_as_such_and_none_as_none(
    make_feature, account, signed_in
) -> None:
    work = make_feature("water-works")
    client = signed_in(account("inspector", HUAYUAN))
    none = {"longitude": "", "latitude": "", "accuracy": "", "positioned_at": ""}
    address = f"/q/{plate('water-works', work)}/visit"
    client.post(address, check(**none, manual_longitude="109.48", manual_latitude="28.57"))
    client.post(address, check(**none))
    sources = sorted(Visit.objects.values_list("position_source", flat=True))
    assert sources == ["manual", "none"]


def broken_jpeg() -> SimpleUploadedFile:
    data = picture(size=(400, 400)).read()
    return SimpleUploadedFile("a.jpg", data[: len(data) // 2], "image/jpeg")


def bomb() -> SimpleUploadedFile:
    """A small PNG that claims 16,000 × 16,000 pixels."""
    out = BytesIO()
    Image.new("1", (16_000, 16_000)).save(out, "PNG")
    return SimpleUploadedFile("a.png", out.getvalue(), "image/png")


@pytest.mark.parametrize(
    "upload",
    [
        lambda: SimpleUploadedFile("a.jpg", b"not a picture", "image/jpeg"),
        lambda: SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        lambda: picture("GIF"),
        lambda: picture("TIFF"),
        broken_jpeg,
        bomb,
    ],
    ids=["text", "svg", "gif", "tiff", "cut off", "bomb"],
)
def test_what_is_no_whole_photo_is_refused(make_feature, account, signed_in, media, upload) -> None:
    work = make_feature("water-works")
    client = signed_in(account("inspector", HUAYUAN))
    sent = client.post(f"/q/{plate('water-works', work)}/visit", check(photos=[upload()]))
    assert sent.status_code == 422
    assert not Visit.objects.exists()
    assert not list(media.rglob("*.*"))


def test_a_photo_over_the_limit_is_refused(make_feature, account, signed_in, settings) -> None:
    settings.EVIDENCE_MAX_BYTES = 1000
    work = make_feature("water-works")
    client = signed_in(account("inspector", HUAYUAN))
    big = picture(size=(300, 300))
    assert big.size > 1000
    sent = client.post(f"/q/{plate('water-works', work)}/visit", check(photos=[big]))
    assert sent.status_code == 422
    assert not Photo.objects.exists()


def test_a_photo_opens_for_those_who_may_see_the_place(make_feature, account, signed_in) -> None:
    work = make_feature("water-works")
    inspector = signed_in(account("inspector", HUAYUAN))
    inspector.post(f"/q/{plate('water-works', work)}/visit", check(photos=[picture()]))
    address = f"/evidence/{Photo.objects.get().pk}"
    shown = signed_in(account("viewer", HUAYUAN)).get(address)
    assert shown.status_code == 200
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Type"] == "image/jpeg"
    assert "php" not in shown["Content-Disposition"]
    assert signed_in(account("viewer", FENGHUANG)).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_defect_found_on_the_spot_shows_on_the_map(make_feature, account, signed_in) -> None:
    work = make_feature("water-works")
    client = signed_in(account("inspector", HUAYUAN))
    client.post(f"/q/{plate('water-works', work)}/visit", check(verdict="defect", notes="管道漏水"))
    found = type(work).objects.get(pk=work.pk)
    assert found.upkeep_state == UpkeepState.DEFECTIVE


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["verification_visit", "verification_photo"])
def test_the_database_refuses_to_alter_evidence(statement: str, table: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_a_plate_encodes_the_public_address(make_feature, account, signed_in, settings) -> None:
    settings.PUBLIC_URL = "https://map.example.org"
    work = make_feature("water-works")
    code = plate("water-works", work)
    client = signed_in(account("viewer", HUAYUAN))
    page = client.get(f"/q/{code}/plate").content.decode()
    assert f"https://map.example.org/q/{code}" in page
    image = client.get(f"/q/{code}.svg")
    assert image["Content-Type"] == "image/svg+xml"
    assert image.content.startswith(b"<svg")
    assert signed_in(account("viewer", FENGHUANG)).get(f"/q/{code}/plate").status_code == 404


def test_the_sheet_tells_of_the_last_visits(make_feature, account, signed_in) -> None:
    work = make_feature("water-works")
    client = signed_in(account("inspector", HUAYUAN))
    client.post(f"/q/{plate('water-works', work)}/visit", check(notes="水质清澈"))
    assert "水质清澈" in client.get(f"/map/water-works/{work.pk}/sheet").content.decode()


def test_an_old_capture_within_two_months_is_kept(make_feature, account, signed_in) -> None:
    work = make_feature("water-works")
    client = signed_in(account("inspector", HUAYUAN))
    then = (timezone.now() - timedelta(days=20)).isoformat()
    body = check(captured_at=then, positioned_at=then)
    assert client.post(f"/q/{plate('water-works', work)}/visit", body).status_code == 302
