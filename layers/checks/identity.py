"""Names of issues and of their fixes, which follow from what they are about and nothing else.

An issue's id is readable and can be read back: `roads.dangling-end.12+57.end-0-of-12` names the
layer, the rule, the features and what of them. So an issue is found again without being stored.
"""

import re
import uuid
from collections.abc import Sequence
from typing import NamedTuple

NAMESPACE = uuid.UUID("6c1f2c58-6a5e-5d0b-9a41-0f3f6b7d3c11")
_FORM = re.compile(
    r"([a-z0-9-]+)\.([a-z-]+)\.(\d{1,18}(?:\+\d{1,18})*)(?:\.([\w-]{1,80}))?", re.ASCII
)


class Named(NamedTuple):
    """What an issue's id says."""

    layer: str
    rule: str
    feature_ids: tuple[int, ...]
    about: str


def issue_id(layer: str, rule: str, feature_ids: Sequence[int], about: str = "") -> str:
    features = "+".join(str(each) for each in sorted(feature_ids)) or "new"
    return ".".join(part for part in (layer, rule, features, about) if part)


def named_by(text: str) -> Named | None:
    """What an id is about; None where the text is no id of an issue with features."""
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    return Named(match[1], match[2], tuple(map(int, match[3].split("+"))), match[4] or "")


def fix_uid(issue: str, version: int) -> uuid.UUID:
    """The uid of the edit that fixes an issue, found while its features' versions added up to this:
    applied twice, it is one edit, and an issue that comes back can be fixed again."""
    return uuid.uuid5(NAMESPACE, f"{issue} at {version}")
