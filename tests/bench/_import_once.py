"""Imports one file and takes it back: prints seconds and the peak memory of both processes as JSON.

A process of its own, so that what is measured is what the command costs from its first import on.
"""

import json
import resource
import sys
import time
from io import StringIO

BEGAN = time.perf_counter()

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402


class _Undo(Exception):
    """Rolls the import back."""


def main(path: str, *options: str) -> None:
    out = StringIO()
    try:
        with transaction.atomic():
            call_command("import_layer", "toilets", path, *options, stdout=out, stderr=StringIO())
            seconds = time.perf_counter() - BEGAN
            raise _Undo
    except _Undo:
        peak = {
            name: resource.getrusage(whose).ru_maxrss >> 10
            for name, whose in (
                ("parent_mb", resource.RUSAGE_SELF),
                ("child_mb", resource.RUSAGE_CHILDREN),
            )
        }
        sys.stdout.write(json.dumps({"seconds": seconds, "said": out.getvalue(), **peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
