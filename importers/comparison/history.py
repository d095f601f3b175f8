"""What earlier deliveries said of a feature, field by field: the base that a new one starts from.

A delivery is compared with what the delivery before it said, not with what stands now: a value that
a person has corrected since, and that the file repeats, is no change. What a file says again leaves
no entry, so the value that counts is the last one that an import wrote or sent, or that was loaded.

Worked example: loaded with name A (version 1); a person makes it B (2); a delivery sends name A and
5 people: only the people are written (3). The next delivery sends A and 6. Its base for people is
version 3, for the name version 1: A repeats A, and B stays. Had it sent C, that would be a conflict
of A → C with A → B, which a base of version 3 would not show.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from importers.comparison.existing import SQL
from layers.editing.rows import State
from layers.editing.values import Json
from layers.models.journal import Operation
from layers.registry import Layer
from layers.sql_files import packaged_sql

SAYING = frozenset({Operation.CREATE.value, Operation.UPDATE.value})


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal entry; `delivered`: an import's own word, neither an undo nor undone since."""

    version: int
    operation: str
    old: State
    new: State
    sent: State
    imported: bool
    delivered: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What was delivered of a field, and the version in which that stood."""

    version: int
    value: Json


@dataclass(frozen=True, slots=True)
class History:
    """The entries of one feature, oldest first; none where it stands as it was loaded."""

    entries: tuple[Entry, ...] = ()

    def said(self, name: str, now: Json) -> Said | None:
        """The last word of a delivery on a field that is `now`; None if there was none."""
        found = self._at_first(name, now)
        for entry in self.entries:
            if not entry.delivered or entry.operation not in SAYING:
                continue
            if name in entry.sent:
                found = Said(entry.version, entry.sent[name])
            elif name in entry.new:
                found = Said(entry.version, entry.new[name])
        return found

    def _at_first(self, name: str, now: Json) -> Said | None:
        """As it was loaded: version 1 has no entry. What a person drew, nobody delivered."""
        if self.entries and self.entries[0].version == 1:
            return None
        value = now
        for entry in reversed(self.entries):
            value = entry.old.get(name, value)
        return Said(1, value)

    @property
    def last_delivery(self) -> int:
        """The version that the last import left, undone or not; 1 where none has since."""
        return max((entry.version for entry in self.entries if entry.imported), default=1)


def histories(layer: Layer, ids: Sequence[int]) -> Mapping[int, History]:
    """Of each feature; by one query."""
    if not ids:
        return {}
    entries: dict[int, list[Entry]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            packaged_sql("delivered_entries", SQL), {"layer": layer.name, "ids": list(ids)}
        )
        for feature_id, version, operation, old, new, sent, *flags in cursor.fetchall():
            states = (json.loads(each) for each in (old, new, sent))
            entries[feature_id].append(Entry(version, operation, *states, *flags))
    return {each: History(tuple(entries[each])) for each in ids}
