"""A client of the interface, and features to read."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from layers.models import Asset, Grant, User
from tests.conftest import XIANGXI
from tests.layers.ogc.scene import make_assets

GEOJSON = "application/geo+json"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


class Reader:
    """Speaks the interface as one account: `reader.items("roads", limit=5)`."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def ask(self, path: str = "", **query: Any) -> HttpResponse:
        """Parameters with a hyphen are written with an underscore."""
        named = {name.replace("_", "-") if name in HYPHENS else name: value
                 for name, value in query.items()}  # fmt: skip
        return self.client.get(f"/ogc/{path}" + (f"?{urlencode(named)}" if named else ""))

    def read(self, path: str = "", **query: Any) -> dict[str, Any]:
        response = self.ask(path, **query)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    def items(self, layer: str, **query: Any) -> dict[str, Any]:
        return self.read(f"collections/{layer}/items", **query)

    def ids(self, layer: str, **query: Any) -> list[Any]:
        return [each["id"] for each in self.items(layer, **query)["features"]]

    def refused(self, path: str, status: int = 400, **query: Any) -> dict[str, Any]:
        response = self.ask(path, **query)
        assert response.status_code == status, (response.status_code, response.content[:300])
        body = response.json()
        assert body["code"]
        assert body["message"]
        assert body["description"]
        return body

    def follow(self, link: str) -> dict[str, Any]:
        response = self.client.get(link)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        content_type: str = GEOJSON,
        **headers: str,
    ) -> HttpResponse:
        return self.client.generic(
            method,
            f"/ogc/{path}",
            body if isinstance(body, bytes) else json.dumps(body),
            content_type=content_type,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )


HYPHENS = {"bbox_crs", "filter_crs", "filter_lang"}


@pytest.fixture
def reading(signed_in: Callable[[User], Client]) -> Callable[[User], Reader]:
    return lambda user: Reader(signed_in(user))


@pytest.fixture(scope="module")
def assets(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Asset]]:
    """Made once for a module, and rolled back: see scene.py."""
    with django_db_blocker.unblock(), transaction.atomic():
        author = User.objects.create_user("scene", password="scene-1234")
        Grant.objects.create(user=author, role="steward", division_id="430000000000")
        yield make_assets(author)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def viewing(assets: list[Asset], django_db_blocker: Any) -> Reader:
    """Sees 湘西州 for as long as the scene stands: for modules with many short tests."""
    with django_db_blocker.unblock():
        return _viewer()


def _viewer() -> Reader:
    viewer = User.objects.create_user("scene-viewer", password="scene-1234")
    Grant.objects.create(user=viewer, role="viewer", division_id=XIANGXI)
    client = Client()
    client.force_login(viewer)
    return Reader(client)


@pytest.fixture
def anonymous(db: None) -> Reader:
    return Reader(Client())


@pytest.fixture
def reader(account: Callable[..., User], reading: Callable[[User], Reader]) -> Reader:
    """Sees 湘西州."""
    return reading(account("viewer", XIANGXI))


@pytest.fixture
def planner(account: Callable[..., User], reading: Callable[[User], Reader]) -> Reader:
    """Sees and edits 湘西州."""
    return reading(account("planner", XIANGXI))


def links(body: dict[str, Any]) -> dict[str, str]:
    return {link["rel"]: link["href"] for link in body["links"]}
