"""What came for each county: how much, when the last of it was loaded, and what still waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, Max, Q, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Substr

from importers.deliveries.access import visible
from importers.models import Delivery, ImportRun
from layers.access.policy import Actor
from layers.divisions.names import place_names

COUNTY_DIGITS = 6
WAITING = (Delivery.State.RECEIVING, Delivery.State.OPEN, Delivery.State.UNREADABLE)
"""What somebody has to do something about."""


@dataclass(frozen=True, slots=True)
class County:
    """`code` has 12 digits; `rows` counts what the loads that stand brought or changed; `loaded`
    is when the last of them ended, None before the first."""

    code: str
    name: str
    deliveries: int
    waiting: int
    rows: int
    loaded: datetime | None


def counties(user: Actor) -> list[County]:
    """The counties (and the prefectures as wholes) that something was sent for, by code."""
    county = Substr("division_id", 1, COUNTY_DIGITS)
    found = (
        visible(user)
        .annotate(county=county)
        .values("county")
        .annotate(count=Count("pk"), waiting=Count("pk", filter=Q(state__in=WAITING)))
        .order_by("county")
    )
    by_code = {str(each["county"]).ljust(12, "0"): each for each in found}
    names, loads = place_names(by_code), _loads(user)
    return [
        County(
            code,
            names[code],
            int(each["count"]),
            int(each["waiting"]),
            int(loads.get(each["county"], {}).get("rows") or 0),
            loads.get(each["county"], {}).get("last"),
        )
        for code, each in by_code.items()
    ]


def _loads(user: Actor) -> dict[str, Mapping[str, Any]]:
    """The loads that stand, by county."""
    done = ImportRun.objects.filter(
        delivery__in=visible(user), dry_run=False, state=ImportRun.State.DONE
    )
    rows = (
        done.annotate(county=Substr(F("delivery__division_id"), 1, COUNTY_DIGITS))
        .order_by()
        .values("county")
        .annotate(
            rows=Sum(Cast(KT("report__loaded"), IntegerField())),
            last=Max("ended_at"),
        )
    )
    return {each["county"]: each for each in rows}
