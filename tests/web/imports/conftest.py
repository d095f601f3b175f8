"""Deliveries as the pages have them, with the workers' functions called directly."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from importers.deliveries import carrying, reading
from importers.deliveries.receiving import Announced, begin, complete, receive
from importers.models import Delivery, ImportRun
from layers.models import User
from tests.conftest import HUAYUAN

Deliver = Callable[..., Delivery]
Start = Callable[..., ImportRun]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def steward_of_huayuan(account: Callable[..., User]) -> User:
    return account("steward", HUAYUAN)


@pytest.fixture
def page(steward_of_huayuan: User, signed_in: Any) -> Client:
    return signed_in(steward_of_huayuan)


@pytest.fixture
def deliver(steward_of_huayuan: User) -> Deliver:
    """Sends files and has them read: `deliver(path, layer="roads")`."""

    def make(*paths: Path, layer: str = "resettlement-sites") -> Delivery:
        announced = [Announced(each.name, each.stat().st_size) for each in paths]
        delivery = begin(actor=steward_of_huayuan, layer=layer, division=HUAYUAN, files=announced)
        for number, each in enumerate(paths, start=1):
            content = each.read_bytes()
            receive(
                actor=steward_of_huayuan, uid=delivery.uid, number=number, offset=0, chunk=content
            )
        complete(actor=steward_of_huayuan, uid=delivery.uid)
        reading.read(delivery.uid)
        delivery.refresh_from_db()
        return delivery

    return make


@pytest.fixture
def start(page: Client) -> Start:
    """Presses a button of the page, and works off what it asked for."""

    def press(delivery: Delivery, mode: str = "load", **more: str) -> ImportRun:
        page.post(f"/imports/{delivery.uid}/runs", {"mode": mode, **more})
        run = delivery.runs.first()
        assert run is not None
        carrying.carry_out(run.uid)
        run.refresh_from_db()
        delivery.refresh_from_db()
        return run

    return press
