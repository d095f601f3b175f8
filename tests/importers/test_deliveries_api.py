"""Uploading in pieces: resumed, refused, limited, and nobody else's."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from importers.deliveries import limits, storage
from importers.models import Delivery
from layers.models import User
from tests.conftest import FENGHUANG, HUAYUAN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def steward_client(steward_of_huayuan: User, signed_in: Any) -> Client:
    return signed_in(steward_of_huayuan)


def begin(client: Client, *files: tuple[str, int], **more: Any) -> Any:
    body = {
        "layer": "toilets",
        "division": HUAYUAN,
        "files": [{"name": name, "size": size} for name, size in files],
        **more,
    }
    return client.post("/api/imports", json.dumps(body), content_type="application/json")


def put(client: Client, uid: str, number: int, offset: int, chunk: bytes) -> Any:
    address = f"/api/imports/{uid}/files/{number}?offset={offset}"
    return client.put(address, chunk, content_type="application/octet-stream")


def test_a_file_arrives_in_pieces_and_is_complete_once(steward_client: Client) -> None:
    made = begin(steward_client, ("安置点.geojson", 6))
    assert made.status_code == 201
    uid = made.json()["uid"]
    assert put(steward_client, uid, 1, 0, b"abc").json()["offset"] == 3
    assert steward_client.post(f"/api/imports/{uid}/complete").status_code == 409
    assert steward_client.get(f"/api/imports/{uid}").json()["files"][0]["offset"] == 3
    assert put(steward_client, uid, 1, 3, b"def").json()["complete"] is True
    for _again in range(2):
        assert steward_client.post(f"/api/imports/{uid}/complete").json()["state"] == "reading"
    delivery = Delivery.objects.get(uid=uid)
    stored = storage.files_folder(delivery.uid) / "1.geojson"
    assert stored.read_bytes() == b"abcdef"
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert stat.S_IMODE(stored.parent.stat().st_mode) == 0o700
    assert put(steward_client, uid, 1, 6, b"g").status_code == 409


def test_a_wrong_offset_is_told_the_right_one_and_changes_nothing(steward_client: Client) -> None:
    uid = begin(steward_client, ("a.zip", 6)).json()["uid"]
    put(steward_client, uid, 1, 0, b"abcd")
    for wrong in (0, 2, 5):
        answer = put(steward_client, uid, 1, wrong, b"xy")
        assert (answer.status_code, answer.json()["offset"]) == (409, 4)
    delivery = Delivery.objects.get(uid=uid)
    assert (storage.files_folder(delivery.uid) / "1.zip").read_bytes() == b"abcd"


def test_a_piece_after_a_crash_overwrites_what_nobody_was_told_of(steward_client: Client) -> None:
    uid = begin(steward_client, ("a.zip", 6)).json()["uid"]
    put(steward_client, uid, 1, 0, b"abc")
    stored = storage.files_folder(Delivery.objects.get(uid=uid).uid) / "1.zip"
    stored.write_bytes(b"abcXYZ")
    put(steward_client, uid, 1, 3, b"d")
    assert stored.read_bytes() == b"abcd"


def test_more_than_announced_and_more_than_allowed_are_refused(
    steward_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid = begin(steward_client, ("a.zip", 3)).json()["uid"]
    assert put(steward_client, uid, 1, 0, b"abcd").status_code == 413
    assert put(steward_client, uid, 2, 0, b"a").status_code == 404
    monkeypatch.setattr(limits, "CHUNK_BYTES", 2)
    assert put(steward_client, uid, 1, 0, b"abc").status_code == 413
    assert begin(steward_client, ("a.zip", limits.MOST_FILE_BYTES + 1)).status_code == 413
    monkeypatch.setattr(limits, "MOST_OPEN_BYTES", 10)
    refusal = begin(steward_client, ("b.zip", 8))
    assert (refusal.status_code, refusal.json()["code"]) == (413, "too-large")
    assert begin(steward_client, ("empty.zip", 0)).status_code == 422


def test_a_full_disk_is_said_and_what_has_arrived_is_kept(
    steward_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid = begin(steward_client, ("a.zip", 6)).json()["uid"]
    put(steward_client, uid, 1, 0, b"abc")

    def full(*_arguments: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "pwrite", full)
    answer = put(steward_client, uid, 1, 3, b"def")
    assert (answer.status_code, answer.json()["code"]) == (507, "out-of-space")
    assert steward_client.get(f"/api/imports/{uid}").json()["files"][0]["offset"] == 3
    monkeypatch.undo()
    monkeypatch.setattr(storage, "free_bytes", lambda: 100)
    assert begin(steward_client, ("b.zip", 6)).status_code == 507


def test_a_delivery_is_its_owners_and_the_stewards_of_its_division(
    steward_client: Client, account: Any, signed_in: Any
) -> None:
    uid = begin(steward_client, ("a.zip", 3)).json()["uid"]
    colleague = signed_in(account("steward", HUAYUAN))
    assert colleague.get(f"/api/imports/{uid}").status_code == 200
    assert put(colleague, uid, 1, 0, b"abc").status_code == 404
    for other in (account("steward", FENGHUANG), account("planner", HUAYUAN)):
        client = signed_in(other)
        assert client.get(f"/api/imports/{uid}").status_code in {403, 404}
        assert put(client, uid, 1, 0, b"abc").status_code in {403, 404}
    assert Client().get(f"/api/imports/{uid}").status_code == 401
    assert begin(steward_client, ("a.zip", 3), division=FENGHUANG).status_code == 403


def test_names_from_the_network_are_never_paths() -> None:
    names = ["../../etc/passwd", "a/b.SHP", "a/b.dbf", "a\\b.shx", "c.s h", "x.gdb/../../evil",
             "x.gdb/a00000001.gdbtable", "x.gdb/gdb", "b.shp", ".hidden", "a/b.shp"]  # fmt: skip
    stored = storage.stored_names(names)
    assert stored[1:4] == ["2.shp", "2.dbf", "2.shx"]
    assert stored[6:8] == ["g5.gdb/a00000001.gdbtable", "g5.gdb/gdb"]
    assert len(set(stored)) == len(names)
    assert not any(".." in name or name.startswith(("/", ".")) for name in stored)
