"""A small demonstration, seeded once for each module and removed after it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from layers.demonstration import seeding
from layers.demonstration.scale import Scale

COUNTIES = ("430224000000", "433124000000", "433130000000")
"""One of each zone (茶陵县, 花垣县), and a long county (龙山县)."""

SMALL = Scale(toilets=500, roads=150, water_works=60, assets=120, resettlement_sites=20)


@dataclass(frozen=True)
class Seeded:
    """What was made: the numbers by kind, the day, and what was told on the way."""

    made: dict[str, int]
    day: date
    told: str


def small_request(**changes: Any) -> seeding.Request:
    values = {"scale": SMALL, "seed": 7, "day": timezone.localdate(), "counties": COUNTIES}
    return seeding.Request(**{**values, **changes})


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Seeded]:
    """Shared by a module's tests, inside one transaction that is rolled back at the end."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            output = io.StringIO()
            request = small_request()
            yield Seeded(seeding.seed(request, output), request.day, output.getvalue())
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)
