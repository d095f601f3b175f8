"""Changes kept until the whole file is read: on disk, sealed, so that ten million fit in memory.

Edits lock the features they change until the transaction ends, so they are made last: people go on
working on the map while a file is read and copied.
"""

import base64
import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from types import TracebackType

from importers.comparison.changes import Change
from layers.access.personal import seal, unseal
from layers.registry import Layer


class Spool:
    """Changes of one layer, in the order they came in; the file has no name and goes with us."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  (closed by __exit__)
        self.count = 0

    def add(self, change: Change) -> None:
        box = seal(self._layer, {"change": json.dumps(asdict(change), default=str)})
        self._file.write(base64.b64encode(box or b"") + b"\n")
        self.count += 1

    def pages(self, size: int) -> Iterator[list[Change]]:
        self._file.seek(0)
        page: list[Change] = []
        for line in self._file:
            page.append(self._opened(line))
            if len(page) == size:
                yield page
                page = []
        if page:
            yield page

    def _opened(self, line: bytes) -> Change:
        told = json.loads(unseal(self._layer, base64.b64decode(line))["change"])
        parts = {int(version): state for version, state in told.pop("parts").items()}
        return Change(**told, parts=parts)

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
