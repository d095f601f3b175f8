"""The work list and its forms, as a browser sends them."""

import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from gisapp.maintenance.models import Defect, UpkeepRecord
from layers.editing.upkeep import record_upkeep
from layers.models import UpkeepState
from layers.registry import LAYERS
from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def late_road(make_feature):
    road = make_feature("roads", name="十八洞村组路")
    due = timezone.localdate() - timedelta(days=12)
    record_upkeep(layer=LAYERS["roads"], feature_id=road.pk, due_on=due, state=UpkeepState.OVERDUE)
    return road


def photo(kind: str = "JPEG") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, kind)
    return SimpleUploadedFile("../../etc/x.jpg", out.getvalue(), "image/jpeg")


def filled(**more) -> dict:
    return {
        "uid": str(uuid.uuid4()),
        "done_on": timezone.localdate().isoformat(),
        "part": "row",
        "severity": "minor",
        **more,
    }


def test_the_list_shows_what_is_late_inside_the_grant_and_nothing_else(
    late_road, make_feature, account, signed_in
) -> None:
    inside = signed_in(account("maintainer", HUAYUAN)).get("/maintenance/").content.decode()
    assert "十八洞村组路" in inside
    outside = signed_in(account("maintainer", FENGHUANG)).get("/maintenance/").content.decode()
    assert "十八洞村组路" not in outside
    assert "work-item" not in outside


def test_without_an_account_the_list_asks_to_log_in() -> None:
    response = Client().get("/maintenance/")
    assert response.status_code == 302
    assert response["Location"].startswith("/login/")


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "state=ok", "near=1", "near=1,99", "near=nan,nan", "layer=x"]
)
def test_an_address_that_means_nothing_is_refused(account, signed_in, query) -> None:
    response = signed_in(account("viewer", HUAYUAN)).get(f"/maintenance/?{query}")
    assert response.status_code in {400, 404}


def test_a_viewer_sees_the_list_without_a_report_button(late_road, account, signed_in) -> None:
    page = signed_in(account("viewer", HUAYUAN)).get("/maintenance/").content.decode()
    assert "十八洞村组路" in page
    assert f"/maintenance/roads/{late_road.pk}/report" not in page


def test_reporting_and_undoing_change_the_row(late_road, account, signed_in) -> None:
    client = signed_in(account("maintainer", HUAYUAN))
    address = f"/maintenance/roads/{late_road.pk}/report"
    assert "report-form" in client.get(address, headers=HTMX).content.decode()
    sent = client.post(address, filled(photo=photo()), headers=HTMX)
    assert sent.status_code == 200
    assert "state-ok" in sent.content.decode()
    assert "feature-changed" in sent["HX-Trigger-After-Settle"]
    record = UpkeepRecord.objects.get()
    assert record.photo_name.startswith("evidence/")
    shown = client.get(f"/maintenance/records/{record.uid}/photo")
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["X-Content-Type-Options"] == "nosniff"
    undone = client.post(f"/maintenance/records/{record.uid}/undo", {"part": "row"}, headers=HTMX)
    assert "state-overdue" in undone.content.decode()


def test_a_photo_of_another_division_is_not_there(late_road, account, signed_in) -> None:
    client = signed_in(account("maintainer", HUAYUAN))
    client.post(f"/maintenance/roads/{late_road.pk}/report", filled(photo=photo()))
    address = f"/maintenance/records/{UpkeepRecord.objects.get().uid}/photo"
    assert signed_in(account("viewer", FENGHUANG)).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_defect_needs_words_and_the_form_comes_back(late_road, account, signed_in) -> None:
    client = signed_in(account("maintainer", HUAYUAN))
    address = f"/maintenance/roads/{late_road.pk}/report"
    answer = client.post(address, filled(defect="on"), headers=HTMX)
    assert "errorlist" in answer.content.decode()
    assert not UpkeepRecord.objects.exists()
    assert client.post(address, filled(defect="on", part="")).status_code == 422


def test_a_file_that_is_no_photo_is_refused_and_nothing_is_kept(
    late_road, account, signed_in
) -> None:
    client = signed_in(account("maintainer", HUAYUAN))
    fake = SimpleUploadedFile("photo.jpg", b"<script>alert(1)</script>", "image/jpeg")
    answer = client.post(
        f"/maintenance/roads/{late_road.pk}/report", filled(photo=fake), headers=HTMX
    )
    assert "errorlist" in answer.content.decode()
    assert not UpkeepRecord.objects.exists()


def test_closing_a_defect_from_the_sheet(late_road, account, signed_in) -> None:
    client = signed_in(account("maintainer", HUAYUAN))
    address = f"/maintenance/roads/{late_road.pk}/report"
    client.post(address, filled(defect="on", note="塌方"), headers=HTMX)
    defect = Defect.objects.get()
    sheet = client.get(f"/map/roads/{late_road.pk}/sheet").content.decode()
    assert "塌方" in sheet
    closed = client.post(f"/maintenance/defects/{defect.pk}/close", {"part": "sheet"}, headers=HTMX)
    assert 'data-state="ok"' in closed.content.decode()
    viewer = signed_in(account("viewer", HUAYUAN))
    assert viewer.post(f"/maintenance/defects/{defect.pk}/close").status_code == 403


def test_a_row_of_another_division_cannot_be_reported(
    late_road, make_feature, account, signed_in
) -> None:
    there = make_feature("roads", IN_FENGHUANG)
    client = signed_in(account("maintainer", HUAYUAN))
    for method in (client.get, client.post):
        assert method(f"/maintenance/roads/{there.pk}/report").status_code == 404
    assert Client().post(f"/maintenance/roads/{late_road.pk}/report").status_code == 302


def test_the_list_costs_the_same_queries_however_long_it_is(
    make_feature, account, signed_in, django_assert_max_num_queries
) -> None:
    due = timezone.localdate() - timedelta(days=12)
    for _each in range(12):
        road = make_feature("roads")
        record_upkeep(
            layer=LAYERS["roads"], feature_id=road.pk, due_on=due, state=UpkeepState.OVERDUE
        )
    client = signed_in(account("maintainer", HUAYUAN))
    with django_assert_max_num_queries(30):
        client.get("/maintenance/")
