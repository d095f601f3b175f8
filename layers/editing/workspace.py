"""The features that a batch of edits works on: read once, changed in memory, written once.

Ten thousand edits so cost a handful of statements. Nothing is written before `flush`; an
operation computes first and changes the workspace last, so one that fails leaves no trace in it.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from layers.editing import writing
from layers.editing.rows import State, put, state_of
from layers.models.feature import Feature
from layers.models.journal import Changeset, Edit, Operation
from layers.models.submission import Submission
from layers.registry import layer_named
from layers.registry.specification import Layer

Key = tuple[str, int]


@dataclass
class Subject:
    """One feature as it stands within the batch.

    `state` is None while it does not exist; `version` is then that of its deletion. `entries` are
    the journal's, oldest first.
    """

    layer: Layer
    feature_id: int
    state: State | None
    version: int
    stored: bool
    row: Feature | None = None
    entries: list[Edit] = field(default_factory=list)
    changed: bool = False

    @property
    def difference(self) -> State:
        """The fields that the batch's own entries set."""
        state = self.state or {}
        names = {name for entry in self.entries if entry._state.adding for name in entry.new}
        return {name: state[name] for name in names}

    @property
    def division(self) -> str:
        """Where it stands, or stood when it was deleted."""
        values = self.state if self.state is not None else self.entries[-1].old
        return str(values.get("division", ""))

    def since(self, version: int) -> list[Edit]:
        return [entry for entry in self.entries if entry.version > version]

    def state_at(self, version: int) -> State:
        """The values at an older version: today's, with what was changed since put back."""
        state = dict(self.state or {})
        for entry in reversed(self.since(version)):
            state |= entry.old
        return state


@dataclass
class Workspace:
    """Reads with locks: a feature in it is the caller's until the transaction ends."""

    now: datetime
    changeset: Changeset
    """Saved with the first flush that has something to keep."""
    subjects: dict[Key, Subject | None] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    by_uid: dict[uuid.UUID, Edit | Submission | None] = field(default_factory=dict)
    taken_codes: dict[str, dict[str, int | None]] = field(default_factory=lambda: defaultdict(dict))
    _ids: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def find(self, uid: uuid.UUID) -> Edit | Submission | None:
        """What is known of an edit, from this batch or an earlier one."""
        if uid not in self.by_uid:
            self.remember([uid])
        return self.by_uid[uid]

    def remember(self, uids: Iterable[uuid.UUID]) -> None:
        """Look edits up; those that there are not are remembered as that, too."""
        wanted = [uid for uid in uids if self.by_uid.get(uid) is None]
        self.by_uid |= dict.fromkeys(wanted)
        for submission in Submission.objects.filter(uid__in=wanted):
            self.by_uid[submission.uid] = submission
        # An edit that waited and was applied is in both: the journal counts.
        for edit in Edit.objects.filter(uid__in=wanted):
            self.by_uid[edit.uid] = edit

    def subject(self, layer: Layer, feature_id: int) -> Subject | None:
        """The feature, or None if there never was one by this id."""
        key = (layer.name, feature_id)
        if key not in self.subjects:
            self.load(layer, {feature_id})
        return self.subjects[key]

    def load(self, layer: Layer, feature_ids: set[int]) -> None:
        """Locks the rows in the order of their ids: two batches cannot wait for each other."""
        missing = sorted(each for each in feature_ids if (layer.name, each) not in self.subjects)
        self.subjects |= {(layer.name, each): None for each in missing}
        rows = layer.rows.select_for_update().filter(pk__in=missing).order_by("pk")
        for row in rows:
            self.subjects[layer.name, row.pk] = Subject(
                layer, row.pk, state_of(layer, row), row.version, stored=True, row=row
            )
        entries: dict[int, list[Edit]] = defaultdict(list)
        journal = Edit.objects.filter(layer=layer.name, feature_id__in=missing)
        for entry in journal.order_by("feature_id", "version"):
            entries[entry.feature_id].append(entry)
        for feature_id, log in entries.items():
            key = (layer.name, feature_id)
            subject = self.subjects[key] or Subject(
                layer, feature_id, None, log[-1].version, stored=False
            )
            subject.entries = log
            self.subjects[key] = subject

    def look_up_codes(self, layer: Layer, codes: set[str]) -> None:
        found = layer.rows.filter(code__in=codes).values_list("code", "pk")
        self.taken_codes[layer.name] |= dict.fromkeys(codes)
        self.taken_codes[layer.name].update(found)

    def holder_of_code(self, layer: Layer, code: str) -> int | None:
        """The feature that has this code, as the batch stands."""
        if code not in self.taken_codes[layer.name]:
            self.look_up_codes(layer, {code})
        holder = self.taken_codes[layer.name].get(code)
        if holder is None:
            return None
        subject = self.subjects.get((layer.name, holder))
        if subject is not None and (subject.state is None or subject.state["code"] != code):
            return None
        return holder

    def new_feature(self, layer: Layer) -> Subject:
        """A subject that does not exist yet, with the id it will have."""
        if not self._ids[layer.table]:
            self.reserve_ids(layer, 1)
        feature_id = self._ids[layer.table].pop()
        subject = Subject(layer, feature_id, None, 0, stored=False)
        self.subjects[layer.name, feature_id] = subject
        return subject

    def reserve_ids(self, layer: Layer, count: int) -> None:
        self._ids[layer.table] = writing.next_ids(layer.table, count)[::-1]

    def write(self, subject: Subject, state: State | None, entry: Edit) -> None:
        """Take over what an operation computed, and its journal entry."""
        subject.state = state
        subject.version = entry.version
        subject.changed = True
        subject.entries.append(entry)
        if state is not None:
            self.taken_codes[subject.layer.name][str(state["code"])] = subject.feature_id
        self.edits.append(entry)
        self.by_uid[entry.uid] = entry

    def flush(self) -> None:
        """Write the rows and the journal."""
        if not self.edits:
            return
        self._save_changeset()
        by_layer: dict[str, list[Subject]] = defaultdict(list)
        for subject in self.subjects.values():
            if subject is not None and subject.changed:
                by_layer[subject.layer.name].append(subject)
        for name, subjects in by_layer.items():
            self._flush_layer(layer_named(name), subjects)
        keys = writing.next_ids(Edit._meta.db_table, len(self.edits))
        for entry, key in zip(self.edits, keys, strict=True):
            entry.pk = key
            entry.changeset = self.changeset
            # The entry behind `part_of` has got its key only now.
            entry.part_of = entry.part_of
        with connection.cursor() as cursor:
            writing.insert_objects(cursor, self.edits)

    def _save_changeset(self) -> None:
        layers = {entry.layer for entry in self.edits}
        self.changeset.layer = layers.pop() if len(layers) == 1 else ""
        self.changeset.rows = len(self.edits)
        self.changeset.save()

    def _flush_layer(self, layer: Layer, subjects: list[Subject]) -> None:
        gone = [each for each in subjects if each.stored and each.state is None]
        changed = [each for each in subjects if each.stored and each.state is not None]
        new = [each for each in subjects if not each.stored and each.state is not None]
        with connection.cursor() as cursor:
            writing.delete_rows(cursor, layer, [each.feature_id for each in gone])
            writing.update_rows(cursor, layer, [self._record(each) for each in changed])
            writing.insert_rows(cursor, layer, [self._record(each) for each in new])
        for subject in (*changed, *new):
            self._refresh(subject)

    def _record(self, subject: Subject) -> dict[str, object]:
        return {
            **(subject.state or {}),
            "id": subject.feature_id,
            "version": subject.version,
            "changeset_id": self.changeset.pk,
            "updated_at": self.now.isoformat(),
        }

    def _refresh(self, subject: Subject) -> None:
        """The row as an object, for those who listen."""
        if subject.row is None:
            subject.row = subject.layer.model(id=subject.feature_id, created_at=self.now)
            subject.row._state.adding = False
            put(subject.layer, subject.row, subject.state or {})
        else:
            put(subject.layer, subject.row, subject.difference)
        subject.row.version = subject.version
        subject.row.changeset = self.changeset
        subject.row.updated_at = self.now

    def states(self, layer: str) -> dict[int, State]:
        """The changed features of a layer as they now are, by id."""
        return {
            each.feature_id: each.state
            for each in self.subjects.values()
            if each is not None and each.changed and each.layer.name == layer and each.state
        }

    def row_of(self, entry: Edit) -> Feature | None:
        """The row that an entry left behind, None once it is deleted."""
        subject = self.subjects[entry.layer, entry.feature_id]
        return subject.row if subject is not None and subject.state is not None else None


def journal_entry(
    subject: Subject, operation: Operation, *, uid: uuid.UUID, old: State, new: State
) -> Edit:
    """An entry that raises the subject's version by one; the caller fills in who and why."""
    return Edit(
        uid=uid,
        layer=subject.layer.name,
        feature_id=subject.feature_id,
        operation=operation,
        version=subject.version + 1,
        old=old,
        new=new,
    )
