"""Entity tags of features: the version that an edit is compared with, and what the bytes are.

One version has several representations (reference systems, languages, the upkeep state that is
derived without an edit), and RFC 9110 wants a tag for each; If-Match asks for the version only,
which every tag of it begins with.
"""

import hashlib
import re

_TAG = re.compile(r'(W/)?"([^"]*)"')


def entity_tag(version: int | None, body: str) -> str:
    digest = hashlib.sha256(body.encode()).hexdigest()[:16]
    return f'"{version}-{digest}"' if version is not None else f'"{digest}"'


def names_version(header: str, version: int) -> bool:
    """Whether an If-Match header names this version, or any; weak tags never do (RFC 9110)."""
    if header.strip() == "*":
        return True
    tags = [value for weak, value in _TAG.findall(header) if not weak]
    return any(tag.split("-")[0] == str(version) for tag in tags)
