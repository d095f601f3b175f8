"""Devices, offline and out of order: every edit is accounted for once, nothing is overwritten.

The oracle knows nothing of merging. It notes what each device saw when it made an edit, and then
looks at the journal: whoever changed a field must have seen the value that stood there.
"""

import threading
import uuid
from dataclasses import dataclass, field

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.editing import service
from layers.editing.request import EditRequest
from layers.editing.rows import state_of
from layers.models import Edit, Operation, Submission, WaterWork
from layers.registry import layer_named
from tests.conftest import ATTRIBUTES, IN_HUAYUAN, place

LAYER = layer_named("water-works")
FIELDS = {"name": ["甲", "乙", "丙"], "people_served": [1, 2, 3]}
PLACES = [(109.48, 28.57), (109.49, 28.57), (109.48, 28.58)]


class Crashed(Exception):
    """The server dies before it commits; the device does not know."""


@dataclass
class Device:
    """A phone: what it believes of each feature, and the edits it has not heard back about."""

    actor: object
    seen: dict = field(default_factory=dict)
    queue: list = field(default_factory=list)

    def sync(self) -> None:
        """Read everything anew; only with nothing left to send."""
        if not self.queue:
            self.seen = {
                row.pk: {"base_version": row.version, "values": state_of(LAYER, row)}
                for row in WaterWork.objects.all()
            }

    def make(self, operation, target, changes, at, seen_by_edit) -> None:
        """An edit on what the device believes, put into its queue."""
        if operation is Operation.CREATE:
            request = EditRequest(
                uuid.uuid4(), LAYER.name, operation, geometry=place(LAYER.name, *at),
                properties={**ATTRIBUTES[LAYER.name], **changes},
            )  # fmt: skip
            self.queue.append(request)
            seen_by_edit[request.uid] = {}
            self.seen[request.uid] = {"base_edit": request.uid, "values": None, "sent": request}
            return
        keys = list(self.seen)
        if not keys:
            return
        key = keys[target % len(keys)]
        known = self.seen[key]
        base = {name: known[name] for name in ("base_version", "base_edit") if known.get(name)}
        if "base_edit" in base:
            base.pop("base_version", None)
        request = EditRequest(
            uuid.uuid4(), LAYER.name, operation,
            feature_id=key if isinstance(key, int) else None,
            geometry=place(LAYER.name, *at) if at and operation is Operation.UPDATE else None,
            properties=changes if operation is Operation.UPDATE else {},
            **base,
        )  # fmt: skip
        seen_by_edit[request.uid] = dict(known.get("believed", known["values"] or {}))
        if "sent" in known:
            seen_by_edit[request.uid] = None
        known["base_edit"] = request.uid
        believed = dict(known.get("believed", known["values"] or {}))
        believed |= request.properties
        if request.geometry:
            believed["geom"] = "moved"
        known["believed"] = believed
        self.queue.append(request)
        if operation is Operation.DELETE:
            del self.seen[key]


DEVICES = st.integers(0, 1)
CHANGES = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in FIELDS.items()}
)
UPDATE = st.tuples(
    st.just("update"), DEVICES, st.integers(0, 1), CHANGES, st.none() | st.sampled_from(PLACES)
)
DELIVER = st.tuples(st.just("deliver"), DEVICES, st.integers(0, 3), st.booleans())
# Hypothesis draws each branch alike: what makes conflicts stands here more often.
ACTIONS = st.one_of(
    UPDATE,
    UPDATE,
    UPDATE,
    UPDATE,
    DELIVER,
    DELIVER,
    st.tuples(st.just("create"), DEVICES, st.sampled_from(PLACES)),
    st.tuples(st.just("delete"), DEVICES, st.integers(0, 1)),
    st.tuples(st.just("crash"), DEVICES, st.integers(0, 3)),
    st.tuples(st.just("sync"), DEVICES),
)


def deliver(device, index, *, keep=False) -> None:
    """Send one of the queue; `keep`: the answer is lost, so it will be sent again."""
    if device.queue:
        request = device.queue[index % len(device.queue)]
        service.submit_all(actor=device.actor, requests=[request])
        if not keep:
            device.queue.remove(request)


def crash(device, index) -> None:
    if device.queue:
        request = device.queue[index % len(device.queue)]
        with pytest.raises(Crashed):
            die_after(device, request)


@transaction.atomic
def die_after(device, request) -> None:
    service.submit_all(actor=device.actor, requests=[request])
    raise Crashed


def play(devices, actions):
    """Run the actions, deliver what is left, and return what each edit's author had seen."""
    seen_by_edit: dict = {}
    for kind, number, *rest in actions:
        device = devices[number]
        match kind, rest:
            case "create", [at]:
                device.make(Operation.CREATE, 0, {}, at, seen_by_edit)
            case "update", [target, changes, at] if changes or at:
                device.make(Operation.UPDATE, target, changes, at, seen_by_edit)
            case "delete", [target]:
                device.make(Operation.DELETE, target, {}, None, seen_by_edit)
            case "deliver", [index, keep]:
                deliver(device, index, keep=keep)
            case "crash", [index]:
                crash(device, index)
            case "sync", []:
                device.sync()
    for device in devices:
        while device.queue:
            deliver(device, len(device.queue) - 1)
    return seen_by_edit


def assert_all_accounted_for(uids) -> None:
    applied = set(Edit.objects.filter(uid__in=uids).values_list("uid", flat=True))
    kept = Submission.objects.filter(uid__in=uids)
    unapplied = {each.uid for each in kept if each.settlement != "applied"}
    assert applied | unapplied == set(uids)
    assert not applied & unapplied
    waiting = kept.filter(kind="waiting", settlement="")
    # Whoever still waits, waits for a conflict that nobody has decided.
    for each in waiting:
        assert Submission.objects.filter(uid=each.predecessor, settlement="").exists()


def assert_rows_are_the_journal_replayed() -> None:
    """The entries in their order are the serial order that the rows are the result of."""
    states: dict = {}
    versions: dict = {}
    for entry in Edit.objects.order_by("id"):
        key = entry.feature_id
        assert entry.version == versions.get(key, 0) + 1
        versions[key] = entry.version
        before = states.get(key) or {}
        assert {name: before.get(name) for name in entry.old} == entry.old
        states[key] = None if entry.operation == "delete" else {**before, **entry.new}
    rows = {row.pk: state_of(LAYER, row) for row in WaterWork.objects.all()}
    assert rows == {key: state for key, state in states.items() if state is not None}
    assert {row.pk: row.version for row in WaterWork.objects.all()} == {
        key: versions[key] for key in rows
    }


def assert_nothing_overwritten_unseen(seen_by_edit) -> None:
    for entry in Edit.objects.filter(operation="update"):
        seen = seen_by_edit.get(entry.uid)
        if not seen:
            continue
        for name in FIELDS:
            if name in entry.old:
                assert entry.old[name] == seen[name], (entry, name)


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(actions=st.lists(ACTIONS, min_size=8, max_size=24))
def test_any_interleaving_accounts_for_every_edit_once(steward, account, actions) -> None:
    with transaction.atomic():
        devices = [Device(steward), Device(account("planner", "433100000000"))]
        service.submit(
            actor=steward,
            request=EditRequest(
                uuid.uuid4(), LAYER.name, Operation.CREATE,
                geometry=place(LAYER.name, *IN_HUAYUAN), properties=ATTRIBUTES[LAYER.name],
            ),
        )  # fmt: skip
        for device in devices:
            device.sync()
        seen_by_edit = play(devices, actions)
        assert_all_accounted_for(list(seen_by_edit))
        assert_rows_are_the_journal_replayed()
        assert_nothing_overwritten_unseen(seen_by_edit)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_copies_of_an_edit_that_arrive_at_once_are_one_edit(steward) -> None:
    """Real connections, real threads: a create, an update and a chain, eight copies of each."""
    first = EditRequest(
        uuid.uuid4(), LAYER.name, Operation.CREATE,
        geometry=place(LAYER.name, *IN_HUAYUAN), properties=ATTRIBUTES[LAYER.name],
    )  # fmt: skip
    chained = [
        EditRequest(
            uuid.uuid4(), LAYER.name, Operation.UPDATE,
            base_edit=first.uid, properties={"people_served": number},
        )
        for number in range(1)
    ]  # fmt: skip
    requests = [first, *chained] * 8
    failures: list = []
    barrier = threading.Barrier(len(requests))

    def send(request) -> None:
        try:
            barrier.wait()
            service.submit(actor=steward, request=request)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(each,)) for each in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Edit.objects.count() == 2
    work = WaterWork.objects.get()
    assert (work.version, work.people_served) == (2, 0)
    assert not Submission.objects.filter(settlement="").exists()
