"""A second delivery after somebody edited the map, over HTTP from the dry run to the decision."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from shapely import Point

from layers.models import ResettlementSite, Submission
from tests.importers import files
from tests.web.imports.conftest import Deliver, Start

pytestmark = pytest.mark.django_db
PLACES = [Point(109.482 + number / 100, 28.57) for number in range(4)]


def site(number: int) -> ResettlementSite:
    return ResettlementSite.objects.get(name=f"安置点{number}")


@pytest.fixture
def sites(page: Client, deliver: Deliver, tmp_path: Path) -> Callable[..., Any]:
    """Delivers resettlement sites by their number, with so many households each."""
    numbers = iter(range(9))

    def send(**households: int) -> Any:
        rows = [
            {**files.SITE, "安置点名称": f"安置点{name[1:]}", "安置户数": count}
            for name, count in households.items()
        ]
        places = [PLACES[int(name[1:])] for name in households]
        delivery = deliver(files.geopackage(tmp_path / f"{next(numbers)}.gpkg", rows, places))
        page.post(f"/imports/{delivery.uid}/corrections", {"key": "name"})
        return delivery

    return send


def result(page: Client, delivery: Any) -> str:
    return page.get(f"/imports/{delivery.uid}/").content.decode()


def test_what_both_changed_is_shown_from_all_sides_and_led_to_its_decision(
    page: Client, sites: Callable[..., Any], start: Start, edit: Callable[..., Any]
) -> None:
    assert start(sites(n0=10, n1=20, n2=30)).report["new"] == 3
    edit("resettlement-sites", "update", site(0), households=15)
    second = sites(n0=12, n1=25, n3=40)

    run = start(second, "dry")
    counts = {name: run.report[name] for name in ("new", "changed", "conflicting", "missing")}
    assert counts == {"new": 1, "changed": 1, "conflicting": 1, "missing": 1}
    text = result(page, second)
    for words in ("上次报送", "地图现值", "本次文件", "载入后逐条提交裁定", "保留", "安置点2"):
        assert words in text, words
    assert "/conflicts/" not in text.partition("<main")[2]
    assert not Submission.objects.exists()

    start(second)
    conflict = Submission.objects.get()
    text = result(page, second)
    assert f"/conflicts/{conflict.uid}/" in text
    assert "载入后逐条提交裁定" not in text
    assert (site(0).households, site(1).households, site(3).households) == (15, 25, 40)

    answer = page.post(f"/conflicts/{conflict.uid}/decide", {"side-households": "mine"})
    assert answer.status_code == 302
    assert site(0).households == 12
    text = result(page, second)
    assert f"/conflicts/{conflict.uid}/" not in text
    assert "已裁定" in text


def test_the_decision_is_offered_only_to_who_may_see_it(
    page: Client,
    sites: Callable[..., Any],
    start: Start,
    edit: Callable[..., Any],
    signed_in: Callable[..., Client],
    account: Callable[..., Any],
) -> None:
    start(sites(n0=10))
    edit("resettlement-sites", "update", site(0), households=15)
    second = sites(n0=12)
    start(second)
    other = signed_in(account("steward", "433123000000"))
    assert other.get(f"/imports/{second.uid}/").status_code == 404
