"""The chain: one link an entry, no gaps, in the order of commits, whoever writes at once."""

import hashlib
import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from layers.editing import service
from layers.editing.request import EditRequest
from layers.journal.head import EMPTY, GENESIS, current_head
from layers.journal.payloads import LinkKind, payload_function_sql, payload_sql
from layers.models import ChainLink, Edit, Operation, User
from layers.models.feature import Feature
from tests.conftest import ATTRIBUTES, IN_HUAYUAN, place
from tests.layers.journal.conftest import findings


def creation(number: int = 0) -> EditRequest:
    lon, lat = IN_HUAYUAN
    return EditRequest(
        uid=uuid.uuid4(),
        layer="toilets",
        operation=Operation.CREATE,
        geometry=place("toilets", lon + number * 1e-4, lat),
        properties=ATTRIBUTES["toilets"],
    )


def payload_of(edit: Edit) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM layers_payload_edit(%s, %s)", [edit.pk, edit.pk])
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_link_is_the_hash_of_the_one_before_and_the_entrys_digest(
    make_feature: Callable[..., Feature],
) -> None:
    assert current_head() == EMPTY
    make_feature("toilets")
    make_feature("roads")
    connection.check_constraints()
    before = GENESIS
    for number, (link, edit) in enumerate(
        zip(ChainLink.objects.order_by("position"), Edit.objects.order_by("id"), strict=True), 1
    ):
        digest = hashlib.sha256(payload_of(edit).encode()).digest()
        assert (link.position, link.kind, link.entry_id) == (number, "edit", edit.pk)
        assert bytes(link.digest) == digest
        before = hashlib.sha256(before + digest).digest()
        assert bytes(link.hash) == before


@pytest.mark.django_db
def test_a_payload_is_the_same_in_every_session(make_feature: Callable[..., Feature]) -> None:
    make_feature("toilets", completed_on="2024-05-01")
    edit = Edit.objects.get()
    plain = payload_of(edit)
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'Asia/Shanghai'; SET DateStyle = 'German'")
        cursor.execute("SET extra_float_digits = 0; SET bytea_output = 'escape'")
        assert payload_of(edit) == plain
        cursor.execute("RESET ALL")
    said = json.loads(plain)
    assert said["format"] == "edit/1"
    assert (said["new"], said["received_at"][-1]) == (edit.new, "Z")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", LinkKind)
def test_the_triggers_read_payloads_as_the_verification_does(kind: LinkKind) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [f"layers_payload_{kind}"])
        (body,) = cursor.fetchone()
    assert payload_sql(kind) in body
    assert body.strip() in payload_function_sql(kind)


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_leave_no_gap_and_a_rollback_none_either(steward: User) -> None:
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            for number in range(6):
                service.submit(actor=steward, request=creation(writer * 10 + number))
            with transaction.atomic():
                service.submit(actor=steward, request=creation(writer * 10 + 7))
                transaction.set_rollback(True)
            service.submit_all(
                actor=steward, requests=[creation(100 + writer * 10 + n) for n in range(5)]
            )
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failures
    positions = list(ChainLink.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, 4 * 11 + 1))
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_positions_are_in_the_order_of_commits(steward: User) -> None:
    """The transaction that began first and commits last comes last, though its ids are lower."""
    began, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            service.submit(actor=steward, request=creation(1))
            began.set()
            go_on.wait(20)
        connection.close()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    assert began.wait(20)
    quick = service.submit(actor=steward, request=creation(2))
    assert current_head().position == 1
    go_on.set()
    slow.join()
    entries = dict(ChainLink.objects.values_list("position", "entry_id"))
    assert entries[1] == Edit.objects.get(uid=quick.uid).pk
    assert entries[1] > entries[2]


@pytest.mark.django_db(transaction=True)
def test_a_commit_waits_for_the_one_that_is_linking_and_then_follows_it(steward: User) -> None:
    linked, go_on = threading.Event(), threading.Event()
    failures: list[BaseException] = []

    def write(number: int, *, dwell: bool) -> None:
        try:
            with transaction.atomic():
                service.submit(actor=steward, request=creation(number))
                if dwell:
                    connection.check_constraints()
                    linked.set()
                    go_on.wait(20)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    first = threading.Thread(target=write, args=(1,), kwargs={"dwell": True})
    second = threading.Thread(target=write, args=(2,), kwargs={"dwell": False})
    first.start()
    assert linked.wait(20)
    second.start()
    second.join(0.5)
    assert second.is_alive()
    go_on.set()
    first.join()
    second.join()
    assert not failures
    assert findings() == []
    assert current_head().position == 2


@pytest.mark.django_db
def test_entries_that_come_after_a_check_are_linked_too(
    make_feature: Callable[..., Feature],
) -> None:
    for _round in range(3):
        make_feature("toilets")
        connection.check_constraints()
    assert current_head().position == 3
    assert findings() == []


@pytest.mark.django_db
def test_what_was_journalled_before_there_was_a_chain_comes_first(scene: Any) -> None:
    """As the migration does it: links made over all entries that have none."""
    before = current_head()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM layers_chain")
        for kind in LinkKind:
            cursor.execute("SELECT layers_link(%s, 0, 9223372036854775807)", [kind])
        cursor.execute("SET session_replication_role = origin")
    assert current_head().position == before.position
    assert findings() == []
