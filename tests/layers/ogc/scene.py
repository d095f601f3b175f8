"""Sixty assets in two counties of 湘西州, some in the same spot, some without a place."""

import random
import uuid
from typing import Any

from layers.editing import service
from layers.editing.request import EditRequest
from layers.models import Asset, Operation, User
from tests.conftest import FENGHUANG, HUAYUAN

STATES = ("in_use", "idle", "damaged")
NAMES = ("苗绣工坊", "Solar roof", "solar ROOF", "", "50% 分成", "O'Brien 厂", "under_score")
PLACELESS_EVERY = 10


def make_assets(actor: User) -> list[Asset]:
    chance = random.Random(7)  # noqa: S311
    requests = [_request(number, chance) for number in range(60)]
    outcomes = service.submit_all(actor=actor, requests=requests)
    assert {each.kind.value for each in outcomes} == {"applied"}, outcomes
    return list(Asset.objects.order_by("pk"))


def _request(number: int, chance: random.Random) -> EditRequest:
    county = HUAYUAN if number % 3 else FENGHUANG
    lon, lat = (109.48, 28.57) if county == HUAYUAN else (109.60, 27.95)
    properties: dict[str, Any] = {
        "code": f"A-{chance.randrange(10**6):06}",
        "name": NAMES[number % len(NAMES)] or "无名",
        "division": county,
        "asset_class": "operating",
        "state": STATES[number % len(STATES)],
        "keeper": NAMES[chance.randrange(len(NAMES))],
        "acquired_year": chance.choice([None, 2015, 2018, 2018, 2020, 2021]),
        "funds_yuan": chance.choice([None, "0.10", "1200.50", "99999.99"]),
        "titled_on": chance.choice([None, "2019-05-01", "2020-12-31", "2021-01-01"]),
    }
    place = None
    if number % PLACELESS_EVERY:
        # A grid of a hundredth of a degree: several assets share their spot.
        spot = (lon + chance.randrange(5) / 100, lat + chance.randrange(5) / 100)
        place = {"type": "Point", "coordinates": [round(each, 2) for each in spot]}
    return EditRequest(
        uid=uuid.uuid4(),
        layer="assets",
        operation=Operation.CREATE,
        geometry=place,
        properties={name: value for name, value in properties.items() if value is not None},
    )
