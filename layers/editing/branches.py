"""What a device saw when it went on from its own earlier edit, before it knew what came of that.

Such an edit names its predecessor by uid. By then the predecessor may have been merged with what
others did, which the device did not see; taking its outcome for the base would overwrite that
silently. So the base is what the device did see: the feature as it was when the device left the
trunk, with its own edits since on top.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from layers.editing.rows import State
from layers.models.journal import Edit, Operation
from layers.models.submission import Submission

Find = Callable[[uuid.UUID], Edit | Submission | None]


@dataclass(frozen=True, slots=True)
class Branch:
    """`trunk_version` is the version that the first edit of the chain started from; `seen` what
    the chain's own edits set since, `uids` are those edits, `tip` the version of the last one."""

    feature_id: int
    trunk_version: int
    tip: int
    seen: State = field(default_factory=dict)
    uids: frozenset[uuid.UUID] = frozenset()


def branch_of(last: Edit | Submission, find: Find) -> Branch | None:
    """The branch that ends in this edit; None where it starts from nothing that is known."""
    chain: list[Edit | Submission] = [last]
    while (earlier := _predecessor(chain[-1], find)) is not None:
        chain.append(earlier)
    root = chain[-1]
    trunk = _trunk_version(root)
    if last.feature_id is None or trunk is None:
        return None
    seen: State = {}
    for edit in reversed(chain):
        seen |= edit.mine if isinstance(edit, Submission) else {**edit.new, **edit.sent}
    tip = last.version if isinstance(last, Edit) else (last.theirs_version or trunk)
    return Branch(last.feature_id, trunk, tip, seen, frozenset(edit.uid for edit in chain))


def _predecessor(edit: Edit | Submission, find: Find) -> Edit | Submission | None:
    name = edit.predecessor if isinstance(edit, Submission) else edit.base_edit
    return find(name) if name else None


def _trunk_version(root: Edit | Submission) -> int | None:
    if isinstance(root, Submission):
        base = root.request.get("base_version")
        return int(base) if base else None
    if root.operation == Operation.CREATE or root.base_version is None:
        return root.version
    return root.base_version
