"""The shell, signing in and out, languages, error pages and the map's page."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from gisapp.web.navigation import ENTRIES, page_exists
from layers.models import Changeset, User
from layers.models.chain import Load
from tests.conftest import HUAYUAN

pytestmark = pytest.mark.django_db


def map_config(html: str) -> dict[str, Any]:
    found = re.search(r'<script id="map-config" type="application/json">(.*?)</script>', html)
    assert found
    return json.loads(found[1])


def test_the_front_door_leads_to_the_map(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/map/"


def test_navigation_holds_only_pages_that_exist_and_the_visitor_may_open(
    client: Client, account: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    anonymous = client.get("/map/").context["navigation"]()
    planner, steward = (
        signed_in(account(role, HUAYUAN)).get("/map/").context["navigation"]()
        for role in ("planner", "steward")
    )
    public = [entry.path for entry in ENTRIES if entry.public and page_exists(entry.path)]
    every = [entry.path for entry in ENTRIES if page_exists(entry.path)]
    assert [entry["path"] for entry in anonymous] == public
    assert [entry["path"] for entry in steward] == every
    assert [entry["path"] for entry in planner] == [each for each in every if each != "/imports/"]
    assert [entry["path"] for entry in planner if entry["current"]] == ["/map/"]


def test_no_page_carries_inline_code(client: Client) -> None:
    for path in ("/map/", "/login/"):
        html = client.get(path).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", html)
        assert not re.search(r'\sstyle="|\son\w+="|<style', html)
        assert "http://" not in html
        assert not re.search(r'(?:src|href)="https://', html)


def test_a_deep_link_tells_the_map_which_feature_to_open(client: Client) -> None:
    config = map_config(client.get("/map/roads/12").content.decode())
    assert config["selected"] == {"layer": "roads", "id": 12}
    assert config["reviewNumber"] == "GS(2024)0650号"


def test_a_link_to_an_unknown_layer_is_not_found_and_says_which_layers_there_are(
    client: Client,
) -> None:
    answer = client.get("/map/rivers/1")
    assert answer.status_code == 404
    assert "water-works" in answer.content.decode()


def test_the_tianditu_key_reaches_the_map_only_where_one_is_set(
    client: Client, settings: Any
) -> None:
    settings.TIANDITU_KEY = ""
    assert map_config(client.get("/map/").content.decode())["tiandituKey"] == ""
    settings.TIANDITU_KEY = "a-key"
    assert map_config(client.get("/map/").content.decode())["tiandituKey"] == "a-key"


def test_since_when_there_are_records_is_told_to_those_who_may_see_some(
    client: Client, account: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    def told(visitor: Client) -> str | None:
        day: str | None = map_config(visitor.get("/map/").content.decode())["recordsFrom"]
        return day

    planner = signed_in(account("planner", HUAYUAN))
    assert told(planner) is None
    # Already the third in China.
    for moment in (datetime(2024, 3, 2, 17, 0, tzinfo=UTC), timezone.now()):
        Load.objects.create(
            changeset=Changeset.objects.create(),
            layer="roads",
            first_feature=1,
            last_feature=1,
            columns=[],
            block=1,
            blocks=b"",
            loaded_at=moment,
        )
    assert told(planner) == "2024-03-03"
    assert told(client) is None
    stranger = User.objects.create_user("stranger", password="pass-1234")
    assert told(signed_in(stranger)) is None


def test_places_are_public_and_label_points_lie_in_hunan(client: Client) -> None:
    places = client.get("/map/places.json").json()
    west, south, east, north = places["extent"]
    assert (round(west), round(south), round(east), round(north)) == (109, 25, 114, 30)
    assert [zone["code"] for zone in places["zones"]][:2] == ["wuling", "luoxiao"]
    counties = [label for label in places["labels"] if label["level"] == "county"]
    assert len(counties) == 122
    assert all(
        west < label["lon"] < east and south < label["lat"] < north for label in places["labels"]
    )


def test_signing_in_goes_on_to_the_page_asked_for(
    client: Client, account: Callable[..., User]
) -> None:
    user = account("planner", HUAYUAN)
    answer = client.post(
        "/login/",
        {"username": user.username, "password": "pass-1234", "next": "/map/roads/1"},
    )
    assert answer.headers["Location"] == "/map/roads/1"


def test_signing_in_never_leads_to_another_host(
    client: Client, account: Callable[..., User]
) -> None:
    user = account("planner", HUAYUAN)
    answer = client.post(
        "/login/",
        {"username": user.username, "password": "pass-1234", "next": "https://example.org/"},
    )
    assert answer.headers["Location"] == "/map/"


def test_a_wrong_password_says_what_to_do(client: Client) -> None:
    answer = client.post("/login/", {"username": "nobody", "password": "wrong"})
    with translation.override("zh-hans"):
        expected = translation.gettext(
            "Forgotten it? Your bureau's administrator can set a new password."
        )
    assert expected in answer.content.decode().replace("&#x27;", "'")


def test_the_account_menu_says_role_and_place(
    account: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    html = signed_in(account("planner", HUAYUAN)).get("/map/").content.decode()
    assert "花垣县" in html


def test_signing_out_needs_a_post_and_ends_the_session(
    account: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(account("viewer", HUAYUAN))
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    assert "_auth_user_id" not in client.session


def test_the_language_switch_changes_pages_and_remembers(client: Client) -> None:
    assert 'lang="zh-hans"' in client.get("/map/").content.decode()
    client.post("/i18n/setlang/", {"language": "en", "next": "/map/"})
    html = client.get("/map/").content.decode()
    assert 'lang="en"' in html
    assert "Layers and legend" in html


def test_the_banner_shows_only_while_demonstration_data_is_there(
    client: Client, account: Callable[..., User]
) -> None:
    assert b"demonstration-banner" not in client.get("/map/").content
    User.objects.filter(pk=account("viewer").pk).update(demonstration=True)
    assert b"demonstration-banner" in client.get("/map/").content


def test_an_unknown_address_gets_our_page(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "/map/" in answer.content.decode()


def test_who_guesses_at_the_sign_in_page_has_to_wait_and_nobody_elsewhere_has(
    client: Client, account: Callable[..., User]
) -> None:
    user = account("viewer", HUAYUAN)

    def attempt(where: Client, password: str) -> int:
        sent = {"username": user.username, "password": password}
        return where.post("/login/", sent).status_code

    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert [attempt(client, "wrong-pass") for _guess in range(11)] == [200] * 11
    assert attempt(client, "pass-1234") == 200, "not even the right one is heard now"
    assert attempt(elsewhere, "pass-1234") == 302
