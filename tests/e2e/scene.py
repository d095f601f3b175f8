"""Sets the browser tests' scene in the database of DATABASE_URL and prints it as JSON.

Run as `python -m tests.e2e.scene` against a database that has the reference data.
"""

import json
import os
import uuid
from typing import Any

import django

PASSWORD = "browser-pass-1"
HUAYUAN = "433124000000"
XIANGXI = "433100000000"

# Around a place in 花垣县, far enough from each other to be clicked apart at zoom 14.
PLACES = {
    "road": (109.4800, 28.5700),
    "water": (109.4820, 28.5800),
    "asset": (109.4700, 28.5750),
    "checked": (109.5100, 28.5900),
    "pair": (109.4950, 28.5650),
}


def make_scene() -> dict[str, Any]:
    from layers.editing import service
    from layers.editing.request import EditRequest
    from layers.models import Grant, Operation, User
    from tests.conftest import ATTRIBUTES, place
    from tests.e2e.terrain import show_heights

    def account(name: str, role: str, division: str) -> User:
        # Marked, so that the banner is on every page that is looked at.
        user = User.objects.create_user(name, password=PASSWORD, demonstration=True)
        Grant.objects.create(user=user, role=role, division_id=division)
        return user

    planner = account("planner", "planner", XIANGXI)
    account("colleague", "planner", XIANGXI)
    account("reviewer", "reviewer", XIANGXI)
    account("viewer", "viewer", HUAYUAN)
    account("maintainer", "maintainer", HUAYUAN)
    account("inspector", "inspector", HUAYUAN)
    account("administrator", "administrator", XIANGXI)
    account("steward", "steward", XIANGXI)

    def feature(layer: str, at: tuple[float, float], name: str) -> int:
        outcome = service.submit(
            actor=planner,
            request=EditRequest(
                uid=uuid.uuid4(),
                layer=layer,
                operation=Operation.CREATE,
                geometry=place(layer, *at),
                properties={**ATTRIBUTES[layer], "name": name},
            ),
        )
        assert outcome.feature_id, outcome
        return outcome.feature_id

    show_heights(User.objects.get(username="steward"))
    return {
        "road": feature("roads", PLACES["road"], "十八洞旅游路"),
        "water": feature("water-works", PLACES["water"], "双龙供水站"),
        "asset": feature("assets", PLACES["asset"], "苗绣工坊"),
        "checked": feature("water-works", PLACES["checked"], "补抽水厂"),
        "pair_water": feature("water-works", PLACES["pair"], "同址水厂"),
        "pair_asset": feature("assets", PLACES["pair"], "同址广场"),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisapp.settings")
    django.setup()
    print(json.dumps(make_scene()))
