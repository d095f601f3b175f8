"""Answers kept on disk: shared by the processes of a machine, bounded, named by what they hold.

An entry never becomes wrong, because the version of what it shows is part of its name; so nothing
is ever invalidated, and processes need not agree on anything. The file system's cache holds in
memory what is asked for often.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WRITES_A_LOOK = 64
"""Entries that a process writes before it looks how large the folder has become."""

KEPT_SHARE = 0.8
"""What remains of the bound when entries had to go: the oldest go first."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A response: its status line, its headers, its body as sent."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class TileStore:
    """Entries of a folder that only this user may read; made when the first one is written."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self._written = 0

    def get(self, key: Sequence[object]) -> Kept | None:
        """None also for what cannot be read, such as what a lost machine left of an entry."""
        try:
            with open(self._path(key), "rb", buffering=0) as stream:  # noqa: PTH123  (a third of it)
                content = stream.read()
            head, _line, body = content.partition(b"\n")
            status, headers = json.loads(head)
        except (OSError, ValueError):
            return None
        return Kept(status, [(name, value) for name, value in headers], body)

    def put(self, key: Sequence[object], kept: Kept) -> None:
        path = self._path(key)
        folder = os.path.dirname(path)  # noqa: PTH120
        for each in (self.folder, Path(folder)):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        head = json.dumps([kept.status, kept.headers]).encode() + b"\n"
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as writing:
            writing.write(head + kept.body)
        # Whoever reads sees all of it or nothing.
        os.replace(writing.name, path)  # noqa: PTH105  (Path.replace is this call)
        self._written += 1
        if self._written % WRITES_A_LOOK == 1:
            self.keep_within_bound()

    def keep_within_bound(self) -> None:
        """Removes the oldest entries while there is too much; another process may do the same."""
        entries = []
        for folder in os.scandir(self.folder):
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                for entry in os.scandir(folder.path):
                    with contextlib.suppress(FileNotFoundError):
                        found = entry.stat()
                        entries.append((found.st_mtime_ns, found.st_size, entry.path))
        size = sum(each for _time, each, _path in entries)
        if size <= self.most_bytes:
            return
        for _time, each, path in sorted(entries):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)  # noqa: PTH108  (thousands of them)
            size -= each
            if size <= self.most_bytes * KEPT_SHARE:
                return

    def _path(self, key: Sequence[object]) -> str:
        name = hashlib.sha256(repr(tuple(key)).encode()).hexdigest()
        return f"{self.folder}/{name[:2]}/{name[2:40]}"
