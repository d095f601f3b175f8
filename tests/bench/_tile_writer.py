"""Moves features one by one through the editing service: prints JSON of how long each took.

A process of its own, of which several run at once: python -m tests.bench._tile_writer USER SECONDS
FIRST STEP. It waits for a line on the standard input before it begins; FIRST, FIRST + STEP, … are
the features it takes, each once.
"""

import json
import sys
import time
import uuid

import django

django.setup()

from django.contrib.gis.geos import Point  # noqa: E402

from layers.editing import service  # noqa: E402
from layers.editing.request import EditRequest  # noqa: E402
from layers.models import Operation, Toilet, User  # noqa: E402

MOVED_DEG = 1e-5
MOST = 5_000


def edit_of(feature: int, version: int, place: Point) -> EditRequest:
    """The feature a metre to the east."""
    return EditRequest(
        uid=uuid.uuid4(),
        layer="toilets",
        operation=Operation.UPDATE,
        feature_id=feature,
        base_version=version,
        geometry={"type": "Point", "coordinates": [place.x + MOVED_DEG, place.y]},
    )


def main(user_id: str, seconds: str, first: str, step: str) -> None:
    user = User.objects.get(pk=user_id)
    ids = range(int(first), int(first) + int(step) * MOST, int(step))
    rows = Toilet.objects.filter(pk__in=ids, geom__isnull=False)
    requests = [edit_of(*row) for row in rows.values_list("pk", "version", "geom")]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    spent = []
    until = time.perf_counter() + float(seconds)
    for request in requests:
        began = time.perf_counter()
        if began > until:
            break
        outcome = service.submit(actor=user, request=request)
        assert outcome.in_the_journal, outcome
        spent.append((time.perf_counter() - began) * 1000)
    else:
        raise SystemExit(f"{len(requests)} features were too few")
    sys.stdout.write(json.dumps(spent))


if __name__ == "__main__":
    main(*sys.argv[1:])
