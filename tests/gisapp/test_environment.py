"""The environment is read once and checked; what is wrong is named."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from gisapp.content_policy import content_policy
from gisapp.environment import database_settings, read_environment

PRODUCTION = {
    "PROFILE": "production",
    "SECRET_KEY": "s" * 60,
    "FIELD_KEY": "ZmllbGRmaWVsZGZpZWxkZmllbGRmaWVsZGZpZWxkMTI=",
    "ALLOWED_HOSTS": "map.example.org, www.example.org",
}


@pytest.fixture
def environment(monkeypatch):
    """Reads the environment as given, without the test run's own."""

    def read(**given: str):
        for name in (*PRODUCTION, "DATABASE_URL", "PUBLIC_URL"):
            monkeypatch.delenv(name, raising=False)
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        return read_environment(Path("/project"))

    return read


def test_development_needs_nothing(environment) -> None:
    found = environment()
    assert found.development
    assert "localhost" in found.allowed_hosts


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FIELD_KEY"])
def test_production_names_the_secret_that_is_missing(environment, missing) -> None:
    given = {name: value for name, value in PRODUCTION.items() if name != missing}
    with pytest.raises(ImproperlyConfigured, match=missing):
        environment(**given)


def test_production_takes_hosts_from_a_list_and_has_none_by_default(environment) -> None:
    assert environment(**PRODUCTION).allowed_hosts == ["map.example.org", "www.example.org"]
    assert environment(**{**PRODUCTION, "ALLOWED_HOSTS": ""}).allowed_hosts == []


def test_an_unknown_profile_is_refused(environment) -> None:
    with pytest.raises(ImproperlyConfigured, match="PROFILE"):
        environment(PROFILE="prod")


def test_a_database_address_names_host_or_socket() -> None:
    over_network = database_settings("postgis://us%40er:p%2Fw@db.example:5433/gis", "")
    assert (over_network["USER"], over_network["PASSWORD"]) == ("us@er", "p/w")
    assert (over_network["HOST"], over_network["PORT"]) == ("db.example", "5433")
    through_socket = database_settings("postgis://u@/gis?host=/run/pg", "test_x")
    assert through_socket["HOST"] == "/run/pg"
    assert through_socket["TEST"] == {"NAME": "test_x"}


@pytest.mark.parametrize("url", ["mysql://h/x", "postgis://host", "nonsense", ""])
def test_another_database_is_refused_with_the_form_that_is_expected(url) -> None:
    with pytest.raises(ImproperlyConfigured, match="postgis://"):
        database_settings(url, "")


def test_pages_load_from_other_hosts_only_tianditu_and_only_with_a_key() -> None:
    assert "://" not in content_policy(tianditu=False)
    assert "tianditu.gov.cn" in content_policy(tianditu=True)


@pytest.mark.django_db
def test_every_page_carries_the_content_policy(client) -> None:
    for path in ("/map/", "/login/", "/healthz", "/no-such-page"):
        assert "default-src 'self'" in client.get(path)["Content-Security-Policy"]


@pytest.mark.django_db
def test_metrics_are_in_prometheus_form(client) -> None:
    lines = client.get("/metrics").content.decode().splitlines()
    assert lines[0].startswith("# HELP")
