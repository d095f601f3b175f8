"""What nobody should send: each is a clear 4xx, and changes nothing."""

import json
import uuid

import pytest
from django.conf import settings

from layers.models import Edit, Plan, Road, Submission, WaterWork
from tests.conftest import ATTRIBUTES, HUAYUAN, IN_HUAYUAN, place

pytestmark = pytest.mark.django_db

LAYER = "water-works"
INJECTIONS = ["'; DROP TABLE layers_edit; --", "1 OR 1=1", "%s", "%(name)s", "{}", "\\", "''", '"']


@pytest.fixture
def client(account, signed_in):
    return signed_in(account("steward", HUAYUAN))


def body(**overrides):
    return {
        "uid": str(uuid.uuid4()),
        "layer": LAYER,
        "operation": "create",
        "geometry": place(LAYER, *IN_HUAYUAN),
        "properties": ATTRIBUTES[LAYER],
        **overrides,
    }


def send(client, content, address="/api/edits"):
    text = content if isinstance(content, (str, bytes)) else json.dumps(content)
    answer = client.post(address, text, content_type="application/json")
    return answer.status_code, answer.json()


def line(count):
    return {
        "type": "LineString",
        "coordinates": [[109.4 + index * 1e-9, 28.5] for index in range(count)],
    }


HOSTILE = {
    "too many vertices": lambda: body(
        layer="roads", properties=ATTRIBUTES["roads"], geometry=line(100_001)
    ),
    "no finite number": lambda: json.dumps(body()).replace("109.482", "NaN"),
    "infinite": lambda: json.dumps(body()).replace("109.482", "1e999"),
    "negative infinity": lambda: json.dumps(body()).replace("109.482", "-Infinity"),
    "nested without end": lambda: "[" * 200_000,
    "nested geometry": lambda: json.dumps(
        body(geometry={"type": "Point", "coordinates": 0})
    ).replace('"coordinates": 0', '"coordinates": ' + "[" * 900 + "]" * 900),
    "not UTF-8": lambda: b'{"uid": "\xff\xfe"}',
    "a lone surrogate": lambda: body(properties={**ATTRIBUTES[LAYER], "name": "\ud800"}),
    "a null character": lambda: body(properties={**ATTRIBUTES[LAYER], "name": "a\x00b"}),
    "a null character in the code": lambda: body(properties={**ATTRIBUTES[LAYER], "code": "\x00"}),
    "a null character in the division": lambda: body(
        properties={**ATTRIBUTES[LAYER], "division": "\x00"}
    ),
    "a null character in a name": lambda: body(properties={"a\x00b": 1}),
    "a long division": lambda: body(properties={**ATTRIBUTES[LAYER], "division": "4" * 10_000}),
    "a list for a division": lambda: body(properties={**ATTRIBUTES[LAYER], "division": [HUAYUAN]}),
    "a map for a code": lambda: body(properties={**ATTRIBUTES[LAYER], "code": {"a": 1}}),
    "a number beyond all columns": lambda: body(
        properties={**ATTRIBUTES[LAYER], "people_served": 10**40}
    ),
    "a collection": lambda: body(
        geometry={"type": "GeometryCollection", "geometries": [], "coordinates": []}
    ),
    "naive time": lambda: body(captured_at="2026-01-01T00:00:00"),
    "merge with nothing": lambda: body(operation="merge", feature_id=1, base_version=1),
    "an update of nothing": lambda: body(operation="update"),
    "a restore of nothing": lambda: body(operation="restore", feature_id=2**62),
    "a split of nothing": lambda: body(operation="split", feature_id=2**62, base_version=1),
}


@pytest.mark.parametrize("make", list(HOSTILE.values()), ids=list(HOSTILE))
def test_a_hostile_edit_is_a_clear_4xx_and_changes_nothing(client, make) -> None:
    status, answer = send(client, make())
    assert 400 <= status < 500, answer
    assert answer.get("message") or answer["problems"]
    assert not WaterWork.objects.exists()
    assert not Road.objects.exists()
    assert not Edit.objects.exists()


def test_a_body_over_the_limit_is_refused_unread(client) -> None:
    status, answer = send(client, " " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    assert status in {400, 413}
    assert answer["message"]


@pytest.mark.parametrize("text", INJECTIONS)
def test_sql_in_every_field_is_only_text(client, text) -> None:
    names = ["name", "code", "division", "kind", "people_served", "tested_on", text]
    for name in names:
        status, _answer = send(client, body(properties={**ATTRIBUTES[LAYER], name: text}))
        assert status in {200, 422}
    for name in ("layer", "operation", "reason", "device", "method", "captured_at", "uid"):
        assert send(client, body(**{name: text}))[0] in {200, 404, 422}
    assert WaterWork.objects.filter(name=text).count() == 1


@pytest.mark.parametrize("text", INJECTIONS)
def test_sql_in_addresses_is_only_text(client, text) -> None:
    for address in ("/api/conflicts", "/api/plans", "/api/search", "/api/layers/roads/counts"):
        for name in ("limit", "state", "q", "bbox", "layer"):
            assert client.get(address, {name: text}).status_code < 500
    assert not Plan.objects.exists()


def test_many_edits_answer_one_by_one_and_the_good_ones_count(client) -> None:
    edits = [body(), body(properties={"people_served": "many"}), body(layer="castles"), body()]
    status, answer = send(client, {"edits": edits, "reason": "巡查"}, "/api/changesets")
    assert status == 200
    kinds = [each["outcome"] for each in answer["outcomes"]]
    assert kinds == ["applied", "rejected", "rejected", "applied"]
    assert answer["outcomes"][2]["refusal"] == "not-found"
    changeset = Edit.objects.first().changeset
    assert (changeset.rows, changeset.reason) == (2, "巡查")


def test_together_or_not_at_all_leaves_no_trace(client) -> None:
    edits = [body(), body(properties={"people_served": "many"})]
    status, answer = send(client, {"edits": edits, "atomic": True}, "/api/changesets")
    assert status == 409
    assert [each["outcome"] for each in answer["outcomes"]] == ["applied", "rejected"]
    assert not WaterWork.objects.exists()
    assert not Submission.objects.exists()


def test_a_changeset_is_undone_as_a_whole(client) -> None:
    _status, answer = send(client, {"edits": [body(), body()]}, "/api/changesets")
    assert WaterWork.objects.count() == 2
    number = Edit.objects.first().changeset_id
    read = client.get(f"/api/changesets/{number}").json()
    assert (read["kind"], read["undoes"]) == ("direct", None)
    status, _undone = send(client, "", f"/api/changesets/{number}/undo")
    assert status == 200
    assert not WaterWork.objects.exists()
    assert len(answer["outcomes"]) == 2


def test_a_changeset_with_a_part_changed_since_stays_as_a_whole(client) -> None:
    _status, answer = send(client, {"edits": [body(), body()]}, "/api/changesets")
    one = answer["outcomes"][0]["feature_id"]
    change = body(operation="update", feature_id=one, base_version=1, properties={"name": "新"})
    del change["geometry"]
    assert send(client, change)[0] == 200
    number = Edit.objects.order_by("id").first().changeset_id
    assert send(client, "", f"/api/changesets/{number}/undo")[0] == 409
    assert WaterWork.objects.count() == 2


def test_a_changeset_of_another_place_does_not_exist(client, account, signed_in) -> None:
    send(client, {"edits": [body()]}, "/api/changesets")
    number = Edit.objects.first().changeset_id
    outsider = signed_in(account("steward", "433123000000"))
    assert outsider.get(f"/api/changesets/{number}").status_code == 404
    assert send(outsider, "", f"/api/changesets/{number}/undo")[0] == 404
