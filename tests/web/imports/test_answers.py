"""Answers on the page that are more than a choice, and the list by county."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from importers.deliveries.corrections import Corrections
from importers.models import Delivery
from tests.conftest import FENGHUANG, HUAYUAN, SHIBADONG, XIANGXI
from tests.importers import files
from tests.web.imports.conftest import Deliver, Start

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(page: Client) -> Callable[..., Corrections]:
    """Sends controls of the form; what is kept of them."""

    def send(delivery: Delivery, status: int = 302, **said: str) -> Corrections:
        fields = {name.replace("__", "-"): value for name, value in said.items()}
        found = page.post(f"/imports/{delivery.uid}/corrections", fields)
        assert found.status_code == status
        delivery.refresh_from_db()
        return Corrections.from_json(delivery.corrections)

    return send


@pytest.fixture
def delivery(deliver: Deliver, tmp_path: Path) -> Delivery:
    rows = [{**files.SITE, "所在村": "十八洞"}]
    return deliver(files.geopackage(tmp_path / "a.gpkg", rows, [files.HUAYUAN]))


def test_names_are_looked_for_in_the_division_that_was_chosen(
    delivery: Delivery, answer: Callable[..., Corrections]
) -> None:
    assert answer(delivery, within=XIANGXI).within == XIANGXI
    assert answer(delivery, status=400, within="999999999999").within == XIANGXI


def test_packed_degrees_are_said_and_taken_back(
    delivery: Delivery, answer: Callable[..., Corrections]
) -> None:
    assert answer(delivery, packed__shown="1", packed="on").packed is True
    assert answer(delivery, packed__shown="1").packed is False
    # Where the control was not shown, nothing is said about it.
    assert answer(delivery, within=HUAYUAN).packed is False


def test_parameters_are_kept_when_something_else_is_said(
    delivery: Delivery, answer: Callable[..., Corrections], page: Client
) -> None:
    said = {
        f"parameter__{name}": str(value)
        for value, name in enumerate(("dx", "dy", "dz", "rx", "ry", "rz", "scale"), start=1)
    }
    kept = answer(delivery, datum="EPSG:2361", accuracy_m="", **said)
    assert kept.parameters is not None
    assert (kept.parameters["dx"], kept.parameters["scale"]) == (1.0, 7.0)
    assert answer(delivery, within=XIANGXI).parameters == kept.parameters
    text = page.get(f"/imports/{delivery.uid}/").content.decode()
    assert 'name="parameter-dx" inputmode="decimal" value="1"' in text
    assert answer(delivery, accuracy_m="5", **dict.fromkeys(said, "")).parameters is None


@pytest.mark.parametrize("accuracy", ["0", "-3", "1001", "nan", "x"])
def test_an_error_that_is_none_is_refused(
    delivery: Delivery, answer: Callable[..., Corrections], accuracy: str
) -> None:
    assert answer(delivery, status=400, accuracy_m=accuracy).accuracy_m is None


def test_a_division_is_typed_as_the_list_offers_it(
    deliver: Deliver, answer: Callable[..., Corrections], tmp_path: Path
) -> None:
    rows = [{**files.SITE, "行政区划": "某某寨"}]
    delivery = deliver(files.geopackage(tmp_path / "b.gpkg", rows, [files.HUAYUAN]))
    answer(delivery, within=HUAYUAN)
    typed = {"division-other:某某寨": f"十八洞村 {SHIBADONG}"}
    assert answer(delivery, **typed).divisions == {"某某寨": SHIBADONG}
    # Of another county than names are looked for in, and no code at all.
    for wrong in (f"凤凰县 {FENGHUANG}", "十八洞"):
        kept = answer(delivery, status=400, **{"division-other:某某寨": wrong})
        assert kept.divisions == {"某某寨": SHIBADONG}


def test_the_list_by_county_counts_what_stands_and_what_waits(
    page: Client, deliver: Deliver, start: Start, tmp_path: Path
) -> None:
    loaded = deliver(files.geopackage(tmp_path / "a.gpkg", [files.SITE], [files.HUAYUAN]))
    deliver(files.geopackage(tmp_path / "b.gpkg", [files.SITE], [files.HUAYUAN]))
    run = start(loaded)
    [county] = page.get("/imports/").context["counties"]
    assert (county.code, county.deliveries, county.waiting, county.rows) == (HUAYUAN, 2, 1, 1)
    assert county.loaded == run.ended_at


def test_the_list_by_county_is_the_readers_own(
    page: Client,
    deliver: Deliver,
    signed_in: Callable[..., Client],
    account: Callable[..., object],
    tmp_path: Path,
) -> None:
    deliver(files.geopackage(tmp_path / "a.gpkg", [files.SITE], [files.HUAYUAN]))
    other = signed_in(account("steward", FENGHUANG))
    assert other.get("/imports/").context["counties"] == []
