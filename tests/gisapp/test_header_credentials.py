"""What desktop clients, scripts and browsers get for credentials in a header."""

import base64
import json
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from layers.access import tokens
from layers.models import FailedAttempt, User
from tests.conftest import ATTRIBUTES, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN, place

LAYERS = "/api/layers"
TILE = "/tiles/water-works/14/13174/6839.mvt"


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()


@pytest.fixture
def planner(account) -> User:
    return account("planner", HUAYUAN)


@pytest.fixture
def strict() -> Client:
    """A client that asks for CSRF tokens as the service does."""
    return Client(enforce_csrf_checks=True)


def basic(username: str, password: str) -> dict[str, str]:
    pair = base64.b64encode(f"{username}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def new_edit() -> dict[str, Any]:
    return {
        "uid": str(uuid.uuid4()),
        "layer": "water-works",
        "operation": "create",
        "geometry": place("water-works", *IN_HUAYUAN),
        "properties": ATTRIBUTES["water-works"],
    }


def send_edit(client: Client, headers: dict[str, str]) -> int:
    body = json.dumps(new_edit())
    return client.post(
        "/api/edits", body, content_type="application/json", headers=headers
    ).status_code


def test_credentials_in_a_header_read_as_their_account(make_feature, planner, strict) -> None:
    inside, outside = make_feature("water-works"), make_feature("water-works", IN_FENGHUANG)
    _token, secret = tokens.create_token(actor=planner, name="QGIS", days=30)
    for headers in (
        basic(planner.username, "pass-1234"),
        basic(planner.username, secret),
        bearer(secret),
        {"Authorization": bearer(secret)["Authorization"].replace("Bearer", "bEARER")},
    ):
        address = "/api/layers/water-works/features/"
        assert strict.get(f"{address}{inside.pk}", headers=headers).status_code == 200
        assert strict.get(f"{address}{outside.pk}", headers=headers).status_code == 404
    assert strict.get(f"{address}{inside.pk}").status_code == 404


def test_a_header_writes_without_a_csrf_token_and_a_session_does_not(planner, strict) -> None:
    _token, secret = tokens.create_token(actor=planner, name="QGIS", days=30)
    assert send_edit(strict, basic(planner.username, "pass-1234")) == 200
    assert send_edit(strict, bearer(secret)) == 200
    strict.force_login(planner)
    assert send_edit(strict, {}) == 403


@pytest.mark.parametrize("mark", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "none"}])
def test_basic_credentials_that_a_browser_adds_by_itself_forge_nothing(
    planner, strict, mark
) -> None:
    assert send_edit(strict, {**basic(planner.username, "pass-1234"), **mark}) == 403


def test_the_header_goes_before_the_session(planner, account, signed_in) -> None:
    browser = signed_in(account("viewer", HUAYUAN))
    headers = basic(planner.username, "pass-1234")
    layers = browser.get(LAYERS, headers=headers).json()
    assert layers == Client().get(LAYERS, headers=headers).json()
    assert layers != browser.get(LAYERS).json()


@pytest.mark.parametrize(
    "value",
    ["Basic", "Basic %%%", "Basic /w==", "Bearer", "Bearer x", "Digest a=b", "Basic bm9jb2xvbg=="],
)
@pytest.mark.django_db
def test_wrong_credentials_are_refused_even_where_anybody_may_read(client, value) -> None:
    for path in (LAYERS, TILE, "/ogc/"):
        response = client.get(path, headers={"Authorization": value})
        assert response.status_code == 401
        assert response.json()["remedy"]
        assert "WWW-Authenticate" in response


def test_refusals_tell_nothing_of_which_accounts_exist(client, planner) -> None:
    names = (planner.username, "no-such-account")
    wrong = [client.get(LAYERS, headers=basic(name, "wrong-pass")) for name in names]
    assert wrong[0].content == wrong[1].content
    assert wrong[0].headers == wrong[1].headers


def test_who_guesses_is_told_how_long_to_wait(client, planner) -> None:
    for _attempt in range(11):
        client.get(LAYERS, headers=basic(planner.username, "wrong-pass"))
    response = client.get(LAYERS, headers=basic(planner.username, "pass-1234"))
    assert response.status_code == 429
    assert int(response["Retry-After"]) >= 1
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.get(LAYERS, headers=basic(planner.username, "pass-1234")).status_code == 200


def test_the_proxys_word_for_the_address_counts_and_the_clients_does_not(
    client, planner, settings
) -> None:
    headers = basic(planner.username, "wrong-pass")
    for attempt in range(12):
        client.get(LAYERS, headers={**headers, "X-Forwarded-For": f"203.0.113.{attempt}"})
    assert FailedAttempt.objects.count() == 2, "a client in development names no address"
    FailedAttempt.objects.all().delete()
    settings.DEVELOPMENT = False
    for attempt in range(12):
        forwarded = f"203.0.113.{attempt}, 192.0.2.9"
        client.get(LAYERS, headers={**headers, "X-Forwarded-For": forwarded})
    assert FailedAttempt.objects.count() == 2, "only the last entry is the proxy's"


@pytest.mark.parametrize(
    "mark",
    [
        {"Sec-Fetch-Mode": "cors"},
        {"X-Requested-With": "XMLHttpRequest"},
        {"HX-Request": "true"},
        {"Accept": "text/html,application/xhtml+xml"},
        {"Cookie": "sessionid=stale"},
    ],
    ids=lambda mark: next(iter(mark)),
)
@pytest.mark.django_db
def test_a_client_is_asked_to_sign_in_and_a_page_of_ours_is_not(client, mark) -> None:
    asked = client.post("/api/edits", new_edit(), content_type="application/json")
    assert asked.status_code == 401
    assert asked["WWW-Authenticate"].startswith("Basic ")
    page = client.post("/api/edits", new_edit(), content_type="application/json", headers=mark)
    assert page.status_code == 401
    assert "WWW-Authenticate" not in page


def test_pages_take_no_credentials_from_a_header(client, planner) -> None:
    headers = basic(planner.username, "pass-1234")
    assert client.get("/maintenance/", headers=headers).status_code == 302


def test_a_header_starts_no_session(client, planner) -> None:
    response = client.get(LAYERS, headers=basic(planner.username, "pass-1234"))
    assert not response.cookies
    assert "Authorization" in response["Vary"]


@pytest.fixture
def committed_attempts(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Rows that several connections see; taken away by hand, since nothing rolls them back."""
    with django_db_blocker.unblock():
        yield
        FailedAttempt.objects.all().delete()


def test_attempts_that_arrive_at_once_are_all_counted(committed_attempts: None) -> None:
    """Each thread has a connection of its own, as each process of the service has."""
    statuses: list[int] = []

    def guess() -> None:
        for _attempt in range(5):
            headers = basic("nobody-at-all", "wrong-pass")
            statuses.append(Client().get(LAYERS, headers=headers).status_code)
        connection.close()

    threads = [threading.Thread(target=guess) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(401) == 11
    assert statuses.count(429) == 9
