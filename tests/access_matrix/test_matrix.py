"""Every route × every role × inside and outside of its division."""

import pytest
from django.test import Client

from tests.access_matrix.asking import Answers, answer_of, ask, leaks, leaks_of
from tests.access_matrix.expectation import EVERYBODY, SUPERUSER, Entry
from tests.access_matrix.routes import ADMIN, METHODS, api_methods, patterns
from tests.access_matrix.scene import MARKERS, Scene
from tests.access_matrix.table import TABLE

pytestmark = pytest.mark.django_db

READ_LIKE_GET = {"api/docs", "api/openapi.json", "i18n/setlang/", "login/"}
"""Views of Django and django-ninja that answer any method as one that the table knows."""

KNOWN = {(entry.method, entry.pattern) for entry in TABLE}
HINT = "add to tests/access_matrix/table.py a line like Entry({method!r}, {pattern!r}, record()),"


def missing(method: str, pattern: str) -> str:
    return HINT.format(method=method, pattern=pattern)


def test_every_route_has_an_entry() -> None:
    known = {pattern for _method, pattern in KNOWN}
    assert [missing("GET", each) for each in patterns() if each not in known] == []
    declared = [missing(*each) for each in api_methods() if each not in KNOWN]
    assert declared == []


def test_every_entry_is_a_route() -> None:
    assert {pattern for _method, pattern in KNOWN} - set(patterns()) == set()


@pytest.mark.parametrize("pattern", sorted({entry.pattern for entry in TABLE} - READ_LIKE_GET))
def test_no_method_answers_that_the_table_does_not_know(
    scene: Scene, clients: dict[str, Client], pattern: str
) -> None:
    like = next(entry for entry in TABLE if entry.pattern == pattern)
    unknown = [method for method in METHODS if (method, pattern) not in KNOWN]
    answered = []
    for method in unknown:
        probe = Entry(method, pattern, like.expect, like.fill)
        status = ask(clients[SUPERUSER], probe, scene.inside).status_code
        if status not in {404, 405}:
            answered.append(f"{status}: {missing(method, pattern)}")
    assert not answered, "\n".join(answered)


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.title)
def test_each_role_gets_what_the_table_says(
    scene: Scene, clients: dict[str, Client], answers: Answers, entry: Entry
) -> None:
    wrong = []
    for place, spot in (("inside", scene.inside), ("outside", scene.outside)):
        if place == "outside" and not entry.placed:
            continue
        for account in EVERYBODY:
            if entry.method == "GET":
                answer = answers.to(account, entry, entry.path(spot))
            else:
                answer = answer_of(ask(clients[account], entry, spot))
            expected = entry.expect.status(account, inside=place == "inside")
            if answer.status != expected:
                wrong.append(f"{account} {place}: {answer.status}, not {expected}")
            found = leaks_of(answer)
            told = entry.unmasks and answer.status == 200
            if sorted(found) != (sorted(MARKERS) if told else []):
                wrong.append(f"{account} {place}: personal data {found}")
    assert not wrong, "\n".join(wrong)


def test_the_admin_site_opens_for_superusers_only(scene: Scene, clients: dict[str, Client]) -> None:
    from django.contrib import admin
    from django.urls import reverse

    pages = ["/admin/"]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        pages.append(reverse(name))
    user = scene.users["steward"]
    pages.append(reverse("admin:layers_user_change", args=[user.pk]))
    assert pages[0] == f"/{ADMIN}"
    for path in pages:
        for account in EVERYBODY:
            response = clients[account].get(path)
            assert response.status_code == (200 if account == SUPERUSER else 302), (path, account)
            assert leaks(response) == []
