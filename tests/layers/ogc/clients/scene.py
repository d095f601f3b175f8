"""Sets the clients' scene in the database of DATABASE_URL and prints it as JSON.

Run as `python -m tests.layers.ogc.clients.scene` against a database that has the reference data.
"""

import json
import os
import uuid
from typing import Any

import django

PASSWORD = "client-pass-1"
HUAYUAN = "433124000000"
XIANGXI = "433100000000"
FENGHUANG = "433123000000"
ROADS = 7


def make_scene() -> dict[str, Any]:
    from layers.access import tokens
    from layers.editing import service
    from layers.editing.request import EditRequest
    from layers.models import Grant, Operation, User
    from tests.conftest import ATTRIBUTES, IN_FENGHUANG, IN_HUAYUAN, place

    def account(name: str, role: str, division: str) -> User:
        user = User.objects.create_user(name, password=PASSWORD)
        Grant.objects.create(user=user, role=role, division_id=division)
        return user

    planner = account("planner", "planner", XIANGXI)
    account("viewer", "viewer", HUAYUAN)
    _token, secret = tokens.create_token(actor=planner, name="GIS", days=30)

    def feature(layer: str, at: tuple[float, float], **properties: Any) -> int:
        request = EditRequest(
            uid=uuid.uuid4(),
            layer=layer,
            operation=Operation.CREATE,
            geometry=place(layer, *at),
            properties={**ATTRIBUTES[layer], **properties},
        )
        outcome = service.submit(actor=planner, request=request)
        assert outcome.feature_id, outcome
        return outcome.feature_id

    lon, lat = IN_HUAYUAN
    roads = [
        feature("roads", (lon + number / 100, lat), name=f"村道 {number}", length_m=1000 + number)
        for number in range(ROADS)
    ]
    return {
        "token": secret,
        "roads": roads,
        "water": feature("water-works", IN_HUAYUAN, name="双龙供水站"),
        "elsewhere": feature("water-works", IN_FENGHUANG, name="凤凰水厂"),
        "toilet": feature("toilets", IN_HUAYUAN, householder="滕标记", phone="13874312345"),
        "asset": feature("assets", IN_HUAYUAN),
        "site": feature("resettlement-sites", IN_HUAYUAN),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisapp.settings")
    django.setup()
    print(json.dumps(make_scene()))
