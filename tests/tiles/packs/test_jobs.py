"""Packs in the background: made, cancelled, revived, handed out in parts, and cleared away."""

import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from pmtiles.reader import MemorySource, Reader

from layers.errors import Conflict
from layers.models import Division, Grant
from layers.orders.course import discard, purge
from layers.orders.files import new_folder, remove_files
from layers.pulse import STALE_SECONDS
from tests.conftest import FENGHUANG, HUAYUAN, IN_HUAYUAN, XIANGXI
from tiles.models import Pack
from tiles.packs import jobs, revival, sources
from tiles.packs.area import named_area
from tiles.packs.tasks import make_pack, nightly_packs, schedule_nightly
from tiles.packs.wish import Wish

pytestmark = pytest.mark.django_db


def begin(actor, **more):
    return jobs.begin_pack(
        actor=actor, wish=Wish(named_area(HUAYUAN, actor), **{"max_zoom": 8, **more})
    )


def done(actor, **more):
    pack = begin(actor, **more)
    make_pack.func(str(pack.uid))
    pack.refresh_from_db()
    return pack


def vectors(pack) -> str:
    return f"/api/packs/{pack.uid}/files/vectors.pmtiles"


def test_a_pack_is_asked_for_made_and_kept_for_a_week(
    features, reader, signed_in, django_capture_on_commit_callbacks
):
    client = signed_in(reader)
    body = {"area": "花垣县", "max_zoom": 8, "layers": ["roads", "water-works", "divisions"]}
    told = client.post("/api/packs/estimate", json.dumps(body), content_type="application/json")
    assert told.json()["max_zoom"] == 8
    with django_capture_on_commit_callbacks() as callbacks:
        answer = client.post("/api/packs", json.dumps(body), content_type="application/json")
    assert answer.status_code == 202, answer.content
    assert len(callbacks) == 1
    told = answer.json()
    assert (told["state"], told["files"], told["manifest"]) == ("waiting", {}, None)
    assert make_pack.func(told["uid"]) == "over"
    told = client.get(told["url"]).json()
    assert (told["state"], told["problem"]) == ("done", None)
    (manifest_file,) = told["manifest"]["files"]
    pack = Pack.objects.get()
    assert pack.expires_at - pack.finished_at == timedelta(days=7)
    folder = pack.folder
    assert [each.name for each in folder.iterdir()] == ["vectors.pmtiles"]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "vectors.pmtiles").stat().st_mode & 0o777 == 0o600
    answer = client.get(told["files"]["vectors.pmtiles"])
    content = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "application/vnd.pmtiles"
    assert answer["ETag"] == f'"{manifest_file["sha256"]}"'
    assert "%E8%8A%B1%E5%9E%A3" in answer["Content-Disposition"]
    assert Reader(MemorySource(content)).metadata()["xiangcun"]["area"]["code"] == HUAYUAN
    assert [each["uid"] for each in client.get("/api/packs").json()] == [str(pack.uid)]


def test_a_download_goes_on_where_it_broke_off(features, reader, signed_in):
    pack = done(reader)
    client = signed_in(reader)

    def asked(**headers):
        answer = client.get(vectors(pack), headers=headers)
        return answer, b"".join(answer.streaming_content) if answer.streaming else b""

    whole, content = asked()
    assert (whole.status_code, whole["Accept-Ranges"]) == (200, "bytes")
    part, rest = asked(Range="bytes=127-", If_Range=whole["ETag"])
    assert part.status_code == 206
    assert part["Content-Range"] == f"bytes 127-{len(content) - 1}/{len(content)}"
    assert content[:127] + rest == content
    assert asked(Range="bytes=127-", If_Range='"another"')[1] == content
    assert asked(Range=f"bytes={len(content)}-")[0].status_code == 416


def test_the_maker_and_who_administers_all_of_it_have_it_and_nobody_else(
    features, reader, account, signed_in
):
    pack = done(reader)
    others = {
        account("viewer", HUAYUAN): 404,
        account("steward", "430000000000"): 404,
        account("administrator", FENGHUANG): 404,
        account("administrator", HUAYUAN): 200,
        account("administrator", XIANGXI): 200,
    }
    for user, status in others.items():
        client = signed_in(user)
        assert client.get(vectors(pack)).status_code == status
        assert client.get(f"/api/packs/{pack.uid}").status_code == status
        assert client.get("/api/packs").json() == []
    stranger = signed_in(account("viewer", HUAYUAN))
    assert stranger.post(f"/api/packs/{pack.uid}/cancel").status_code == 404
    assert stranger.delete(f"/api/packs/{pack.uid}").status_code == 404
    wide = done(account("viewer", XIANGXI))
    assert signed_in(account("administrator", HUAYUAN)).get(vectors(wide)).status_code == 404


def test_a_grant_that_ended_ends_the_download_too(features, reader, signed_in):
    Grant.objects.create(user=reader, role="viewer", division=Division.objects.get(pk=FENGHUANG))
    pack = done(reader)
    client = signed_in(reader)
    assert client.get(vectors(pack)).status_code == 200
    # The lowest zooms hold features of both counties.
    Grant.objects.filter(division=FENGHUANG).update(revoked_at=timezone.now())
    assert client.get(vectors(pack)).status_code == 403
    told = client.get(f"/api/packs/{pack.uid}").json()
    assert (told["files"], told["manifest"]) == ({}, None)


def test_a_pack_made_after_a_grant_ended_is_refused_in_words(features, reader):
    pack = begin(reader)
    Grant.objects.update(revoked_at=timezone.now())
    make_pack.func(str(pack.uid))
    pack.refresh_from_db()
    assert pack.state == "failed"
    assert pack.problem["message"]
    assert not pack.folder.exists()


def test_a_few_at_a_time(reader):
    for _number in range(jobs.MOST_ACTIVE):
        begin(reader)
    with pytest.raises(Conflict):
        begin(reader)


def test_one_that_waits_is_cancelled_and_never_made(features, reader, signed_in):
    pack = begin(reader)
    client = signed_in(reader)
    told = client.post(f"/api/packs/{pack.uid}/cancel").json()
    assert told["state"] == "cancelled"
    make_pack.func(str(pack.uid))
    assert not Pack.folders().exists()
    assert client.get(vectors(pack)).status_code == 409
    assert client.delete(f"/api/packs/{pack.uid}").status_code == 204
    assert not Pack.objects.exists()


def test_one_that_is_being_made_stops_at_its_next_tile(features, reader, monkeypatch):
    pack = begin(reader)
    seen = []

    def cancelled(_pulse):
        # The pulse reads it from a connection of its own, which does not see this test's rows.
        return len(seen) > 20

    monkeypatch.setattr("layers.pulse.Pulse.cancelled", cancelled)
    drawn = sources.tile_bytes
    monkeypatch.setattr(
        sources, "tile_bytes", lambda *asked: (seen.append(asked), drawn(*asked))[1]
    )
    with pytest.raises(Conflict):
        jobs.remove(actor=reader, uid=_running(pack).uid)
    make_pack.func(str(pack.uid))
    pack.refresh_from_db()
    assert pack.state == "cancelled"
    assert len(seen) < 40
    assert not pack.folder.exists()


def _running(pack):
    Pack.objects.filter(pk=pack.pk).update(state="running")
    return pack


def test_an_error_of_the_service_is_said_and_raised_and_leaves_nothing(
    features, reader, monkeypatch
):
    pack = begin(reader)

    def broken(*_asked):
        raise OSError("the disk is gone")

    monkeypatch.setattr(sources, "tile_bytes", broken)
    with pytest.raises(OSError, match="disk"):
        make_pack.func(str(pack.uid))
    pack.refresh_from_db()
    assert pack.state == "failed"
    assert "disk" not in json.dumps(pack.problem)
    assert not pack.folder.exists()


def test_a_worker_that_is_stopped_leaves_the_pack_to_the_next_one(features, reader, monkeypatch):
    pack = begin(reader)

    def stopped(*_asked):
        raise SystemExit

    monkeypatch.setattr(sources, "tile_bytes", stopped)
    with pytest.raises(SystemExit):
        make_pack.func(str(pack.uid))
    pack.refresh_from_db()
    assert pack.state == "running"
    assert pack.problem == {}


def left_behind(reader, **more):
    """A pack whose worker died in the middle, with half a file."""
    pack = begin(reader)
    new_folder(pack)
    half = pack.folder / "vectors.pmtiles.tiles"
    half.write_bytes(b"half")
    long_ago = timezone.now() - timedelta(seconds=STALE_SECONDS + 1)
    Pack.objects.filter(pk=pack.pk).update(
        **{"state": "running", "heartbeat": long_ago, "attempts": 1, **more}
    )
    return pack


def test_what_a_dead_worker_left_is_made_again_from_the_beginning(
    features, reader, django_capture_on_commit_callbacks
):
    pack = left_behind(reader)
    with django_capture_on_commit_callbacks() as callbacks:
        assert revival.revive() == 1
        assert revival.revive() == 0
    assert len(callbacks) == 1
    make_pack.func(str(pack.uid))
    pack.refresh_from_db()
    assert (pack.state, pack.attempts) == ("done", 2)
    assert [each.name for each in pack.folder.iterdir()] == ["vectors.pmtiles"]


def test_one_that_kills_its_workers_is_given_up(reader):
    pack = left_behind(reader, attempts=revival.MOST_ATTEMPTS)
    assert revival.revive() == 0
    pack.refresh_from_db()
    assert pack.state == "failed"
    assert not pack.folder.exists()


def test_one_that_was_to_stop_when_its_worker_died_has_stopped(reader):
    pack = left_behind(reader, cancel_requested=True)
    assert revival.revive() == 0
    pack.refresh_from_db()
    assert pack.state == "cancelled"


def test_a_worker_that_lives_is_left_alone(reader, monkeypatch):
    left_behind(reader)
    monkeypatch.setattr("tiles.packs.revival.alive", lambda _uid: True)
    assert revival.revive() == 0


def test_packs_and_strays_are_cleared_away_when_their_time_is_over(features, reader, signed_in):
    pack = done(reader)
    stray = Pack.folders() / "nobody-s"
    stray.mkdir()
    assert purge(Pack) == 0
    assert not stray.exists()
    assert pack.folder.exists()
    Pack.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert signed_in(reader).get(vectors(pack)).status_code == 404
    assert nightly_packs.func() == {"revived": 0, "purged": 1}
    assert not pack.folder.exists()
    assert not Pack.objects.exists()
    assert schedule_nightly() is False


def test_one_whose_files_stay_keeps_no_other_from_being_cleared_away(
    features, reader, monkeypatch, caplog
):
    packs = [begin(reader), begin(reader)]
    for each in packs:
        new_folder(each)
    Pack.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    remove, stubborn = shutil.rmtree, packs[0].folder

    def rmtree(folder, **more):
        if folder == stubborn:
            raise PermissionError(folder)
        remove(folder, **more)

    monkeypatch.setattr("layers.orders.files.shutil.rmtree", rmtree)
    assert purge(Pack) == 1
    assert list(Pack.objects.all()) == packs[:1]
    assert str(packs[0].uid) in caplog.text


def test_two_that_clear_away_the_same_files_do_not_mind_each_other(reader):
    pack = begin(reader)
    new_folder(pack)
    discard(pack)
    remove_files(pack)
    assert not pack.folder.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_asked_for_at_once_there_are_no_more_than_may_be(account):
    actor = account("viewer", HUAYUAN)
    together = threading.Barrier(5)

    def ask() -> bool:
        try:
            together.wait(10)
            begin(actor)
        except Conflict:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(5) as pool:
        begun = [each.result() for each in [pool.submit(ask) for _time in range(5)]]
    assert sum(begun) == Pack.objects.count() == jobs.MOST_ACTIVE


def test_a_phone_is_told_what_has_changed(features, make_feature, edit, reader, signed_in):
    pack = done(reader)
    client = signed_in(reader)

    def changed() -> dict[str, tuple[int, int]]:
        body = json.dumps(pack.manifest)
        answer = client.post("/api/packs/compare", body, content_type="application/json")
        assert answer.status_code == 200, answer.content
        told = answer.json()
        found = {
            each["name"]: (each["features_then"], each["features_now"])
            for each in told["layers"]
            if each["changed"]
        }
        assert told["changed"] == bool(found)
        return found

    assert changed() == {}
    outside = features[-1]
    edit("water-works", "update", outside, name="改名")
    assert changed() == {}
    road, _work, toilet = features[:3]
    edit("roads", "update", road, name="新路")
    make_feature("water-works", IN_HUAYUAN)
    edit("toilets", "delete", toilet)
    assert changed() == {"roads": (1, 1), "water-works": (1, 2), "toilets": (1, 0)}
    Division.objects.filter(pk=HUAYUAN).update(name="花垣市")
    assert "divisions" in changed()


@pytest.mark.parametrize("bounds", [[0, 0, 1, 1], [109, 28, 108.9, 29], [109, 28, 1e400, 29]])
def test_a_comparison_of_nowhere_is_refused(reader, signed_in, bounds):
    body = json.dumps({"area": {"bounds": bounds}, "layers": []})
    answer = signed_in(reader).post("/api/packs/compare", body, content_type="application/json")
    assert answer.status_code == 422


def test_without_an_account_there_are_no_packs(client):
    for path in ("/api/packs", "/api/packs/00000000-0000-4000-8000-000000000000"):
        assert client.get(path).status_code == 401
    body = {"area": {"bounds": [109, 28, 110, 29]}, "layers": []}
    answer = client.post("/api/packs/compare", json.dumps(body), content_type="application/json")
    assert answer.status_code == 401
