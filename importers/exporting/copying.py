"""Rows out of PostgreSQL by COPY, as record batches that are made while they are read.

COPY pushes and the writers pull, so a thread of its own runs it into a pipe; Arrow reads the other
end. Neither side gets ahead of the other by more than some blocks.
"""

import os
import threading
from collections.abc import Generator, Mapping
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv
from django.db import connection

BLOCK_BYTES = 8 << 20
"""A row must fit into a block: 100,000 vertices, the most a shape has, take 3.2 MB in hex."""
BATCH_ROWS = 20_000
BUFFER_BYTES = 1 << 18


def copied(select: str, types: Mapping[str, pa.DataType]) -> Generator[pa.RecordBatch, None, None]:
    """The rows of a SELECT whose columns are named as the keys of `types`, in that order.

    Uses the connection of the caller's thread and transaction, which must be left alone until the
    iterator is used up or closed. Raises the database's own error.
    """
    connection.ensure_connection()
    copy = _Copy(connection.connection, f"COPY ({select}) TO STDOUT (FORMAT csv, HEADER)")
    with copy as pipe:
        for batch in pyarrow.csv.open_csv(pipe, *_options(types)):
            for start in range(0, batch.num_rows, BATCH_ROWS):
                yield batch.slice(start, BATCH_ROWS)
        copy.finished = True


def _options(types: Mapping[str, pa.DataType]) -> tuple[Any, Any, Any]:
    """CSV as COPY writes it: an unquoted blank is NULL, a quoted one an empty text; t and f."""
    return (
        pyarrow.csv.ReadOptions(block_size=BLOCK_BYTES, use_threads=False),
        pyarrow.csv.ParseOptions(newlines_in_values=True),
        pyarrow.csv.ConvertOptions(
            column_types=dict(types),
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


class _Copy:
    """One COPY in a thread; a context that gives the reading end of its pipe."""

    def __init__(self, raw: Any, statement: str) -> None:
        self._raw = raw
        self._statement = statement
        self._failure: BaseException | None = None
        reading, writing = os.pipe()
        self._writing = os.fdopen(writing, "wb", buffering=BUFFER_BYTES)
        # Buffered, so that Arrow gets whole blocks and not what the pipe holds just then.
        self._pipe = os.fdopen(reading, "rb", buffering=BUFFER_BYTES)
        self._thread = threading.Thread(target=self._run, name="export-copy", daemon=True)
        self.finished = False

    def __enter__(self) -> IO[bytes]:
        self._thread.start()
        return self._pipe

    def __exit__(self, kind: Any, *_error: Any) -> None:
        with self._pipe:
            self._stop()
        # What COPY failed by says more than what its output lacks then.
        if kind is None or (issubclass(kind, pa.ArrowInvalid) and self._failure is not None):
            self._raise_failure()

    def _run(self) -> None:
        try:
            with self._writing, self._raw.cursor() as cursor:
                cursor.copy_expert(self._statement, self._writing, BUFFER_BYTES)
        except Exception as error:
            # Raised where the rows are read, in the thread that asked for them.
            self._failure = error

    def _stop(self) -> None:
        """End it, all read or not. The pipe is drained, because COPY waits in its write."""
        if self._thread.is_alive() and not self.finished:
            self._raw.cancel()
        while self._pipe.read(BUFFER_BYTES):
            continue
        self._thread.join()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure
