"""Exports in the background: who may have the file, for how long, in parts."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from importers.exporting import Wish, files, jobs
from importers.exporting.progress import Reporter
from importers.exporting.silence import SILENT_FOR
from importers.exporting.tasks import purge_exports, run_export, schedule_purge
from importers.exporting.wish import ExportReport
from importers.models import Export
from importers.writers.catalogue import FORMATS
from layers.errors import Conflict, Forbidden, Rejected
from layers.models import Grant, Unmasking
from layers.registry import LAYERS
from tests.conftest import HUAYUAN
from tests.importers.exporting.conftest import PERSONAL

TOILETS = LAYERS["toilets"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def begin(actor, **more):
    return jobs.begin_export(actor=actor, wish=Wish(layer=TOILETS, format=FORMATS["csv"], **more))


def done(actor, **more):
    export = begin(actor, **more)
    run_export.func(str(export.uid))
    export.refresh_from_db()
    return export


def test_an_export_is_enqueued_run_and_kept_for_a_week(
    toilets, reader, signed_in, django_capture_on_commit_callbacks
):
    client = signed_in(reader)
    body = {"layer": "toilets", "format": "csv", "division": HUAYUAN}
    with django_capture_on_commit_callbacks() as callbacks:
        answer = client.post("/api/exports", json.dumps(body), content_type="application/json")
    assert answer.status_code == 202, answer.content
    assert len(callbacks) == 1
    told = answer.json()
    assert (told["state"], told["file"]) == ("waiting", None)
    run_export.func(told["uid"])
    told = client.get(told["url"]).json()
    assert (told["state"], told["rows"], told["total"]) == ("done", 3, 3)
    export = Export.objects.get()
    assert export.expires_at - export.finished_at == timedelta(days=7)
    assert export.folder.stat().st_mode & 0o777 == 0o700
    assert files.path_of(export).stat().st_mode & 0o777 == 0o600
    answer = client.get(told["file"])
    assert b"".join(answer.streaming_content).startswith("\ufeff".encode())
    assert "%E5%86%9C%E6%9D%91" in answer["Content-Disposition"]


def test_a_download_goes_on_where_it_broke_off(toilets, reader, signed_in):
    export = done(reader)
    address = f"/api/exports/{export.uid}/file"
    client = signed_in(reader)

    def asked(**headers):
        answer = client.get(address, headers=headers)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer, content

    whole, content = asked()
    assert (whole.status_code, whole["Accept-Ranges"]) == (200, "bytes")
    part, rest = asked(Range="bytes=100-", If_Range=whole["ETag"])
    assert part.status_code == 206
    assert part["Content-Range"] == f"bytes 100-{len(content) - 1}/{len(content)}"
    assert content[:100] + rest == content
    assert asked(Range="bytes=10-19")[1] == content[10:20]
    assert asked(Range="bytes=-7")[1] == content[-7:]
    assert asked(Range=f"bytes={len(content)}-")[0].status_code == 416
    assert asked(Range="bytes=100-", If_Range='"another"')[0].status_code == 200
    assert asked(Range="bytes=0-1,5-6")[1] == content
    for endless in (f"bytes=0-{'9' * 5000}", f"bytes=-{'9' * 5000}", f"bytes={'9' * 5000}-"):
        assert asked(Range=endless)[1] == content


def test_nobody_else_has_it(toilets, reader, account, signed_in):
    export = done(reader)
    other = signed_in(account("administrator"))
    for method, path in (
        ("get", ""),
        ("get", "/file"),
        ("post", "/cancel"),
        ("delete", ""),
    ):
        answer = getattr(other, method)(f"/api/exports/{export.uid}{path}")
        assert answer.status_code == 404
    assert other.get("/api/exports").json() == []


def test_a_grant_that_ended_ends_the_download_too(toilets, reader, signed_in):
    export = done(reader)
    Grant.objects.update(revoked_at=timezone.now())
    client = signed_in(reader)
    assert client.get(f"/api/exports/{export.uid}/file").status_code == 403
    assert client.get(f"/api/exports/{export.uid}").json()["file"] is None


def test_personal_data_need_the_right_to_unmask_at_the_download_too(toilets, account, signed_in):
    keeper = account("steward", HUAYUAN)
    export = done(keeper, personal=True, reason="核对户主")
    assert export.unmasked == Unmasking.objects.filter(user=keeper).count() == 3
    assert PERSONAL["id_number"] in files.path_of(export).read_text()
    client = signed_in(keeper)
    assert client.get(f"/api/exports/{export.uid}/file").status_code == 200
    Grant.objects.filter(user=keeper).update(role="viewer")
    assert client.get(f"/api/exports/{export.uid}/file").status_code == 403


def test_what_cannot_be_is_refused_before_it_waits(toilets, reader):
    with pytest.raises(Forbidden):
        begin(reader, personal=True, reason="核对")
    with pytest.raises(Rejected):
        begin(reader, datum="EPSG:2361")
    with pytest.raises(Rejected):
        begin(reader, fields=["nothing"])
    assert not Export.objects.exists()


def test_a_few_at_a_time(toilets, reader):
    for _number in range(jobs.MOST_ACTIVE):
        begin(reader)
    with pytest.raises(Conflict):
        begin(reader)


def test_one_that_waits_is_cancelled_and_never_runs(toilets, reader):
    export = begin(reader)
    jobs.cancel(actor=reader, uid=export.uid)
    run_export.func(str(export.uid))
    export.refresh_from_db()
    assert export.state == "cancelled"
    assert not Export.folders().exists()
    jobs.remove(actor=reader, uid=export.uid)
    assert not Export.objects.exists()


def test_one_that_fails_says_why_and_leaves_no_file(toilets, reader, monkeypatch):
    export = begin(reader)
    Grant.objects.update(revoked_at=timezone.now())
    run_export.func(str(export.uid))
    export.refresh_from_db()
    assert export.state == "failed"
    assert export.problem["message"]
    assert not export.folder.exists()


def test_an_error_of_our_own_is_raised_to_the_log_and_told(toilets, reader, monkeypatch):
    export = begin(reader)
    monkeypatch.setattr(jobs, "_exported", lambda _export: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run_export.func(str(export.uid))
    export.refresh_from_db()
    assert (export.state, bool(export.problem["remedy"])) == ("failed", True)


def test_expired_files_and_strays_are_cleared_away(toilets, reader):
    kept, gone = done(reader), done(reader)
    Export.objects.filter(pk=gone.pk).update(expires_at=timezone.now())
    stray = Export.folders() / str(uuid.uuid4())
    stray.mkdir()
    assert purge_exports.func() == 1
    assert [each.pk for each in Export.objects.all()] == [kept.pk]
    assert [each.name for each in Export.folders().iterdir()] == [str(kept.uid)]


def test_one_whose_worker_died_is_given_up(toilets, reader):
    export = begin(reader)
    long_ago = timezone.now() - 2 * SILENT_FOR
    Export.objects.update(state="running", progressed_at=long_ago)
    purge_exports.func()
    export.refresh_from_db()
    assert export.state == "failed"


def test_the_purge_waits_once_only(db):
    schedule_purge()
    assert schedule_purge() is False


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_outside_and_a_wish_to_cancel_heard(account):
    export = Export.objects.create(
        owner=account(), layer="toilets", format="csv", datum="EPSG:4490", language="zh"
    )
    with Reporter(export.pk, seconds_between=0) as reporter:
        reporter(ExportReport(total=9, rows=4))
        assert not reporter.cancelled()
        Export.objects.update(cancel_asked=True)
        reporter(ExportReport(total=9, rows=5))
        assert reporter.cancelled()
    export.refresh_from_db()
    assert (export.rows, export.total) == (5, 9)
