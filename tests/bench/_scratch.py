"""A database of a benchmark's own, and measuring in it what is taken back afterwards."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import setup_databases, teardown_databases


class _Undo(Exception):
    """Rolls a measured transaction back."""


@contextmanager
def scratch_database(*, keep: bool = False) -> Iterator[None]:
    """With reference data, dropped at the end; or kept, and found as it was left next time."""
    # Nothing is to be restored from memory afterwards: of a kept database it would be all of it.
    before = setup_databases(verbosity=0, interactive=False, keepdb=keep, serialized_aliases=())
    try:
        call_command("load_reference", stdout=open(os.devnull, "w"))  # noqa: SIM115, PTH123
        yield
    finally:
        teardown_databases(before, verbosity=0, keepdb=keep)


def timed(action: Callable[[], object], rounds: int) -> float:
    """Seconds of the best round; what it wrote is rolled back."""
    best = float("inf")
    for _round in range(rounds):
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
        began = time.perf_counter()
        try:
            with transaction.atomic():
                action()
                best = min(best, time.perf_counter() - began)
                raise _Undo
        except _Undo:
            continue
    return best
