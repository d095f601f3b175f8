"""The administration pages and one's own account, as their forms are sent."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from layers.access import tokens
from layers.models import AccessToken, AccountEvent, Grant, Unmasking, User
from tests.conftest import FENGHUANG, HUAYUAN, SHIBADONG, XIANGXI

pytestmark = pytest.mark.django_db

CHANGSHA = "430102000000"
HTMX = {"HX-Request": "true", "HX-Target": "account-body"}


@pytest.fixture
def prefecture(account) -> User:
    return account("administrator", XIANGXI)


@pytest.fixture
def admin(prefecture, signed_in) -> Client:
    return signed_in(prefecture)


def text(response: Any) -> str:
    return response.content.decode()


def names(client: Client, query: str) -> set[str]:
    shown = client.get(f"/administration/?{query}").context["accounts"]
    return {account.username for account, _grants in shown}


def test_the_list_is_narrowed_by_name_role_county_and_state(admin, prefecture, account) -> None:
    planner, viewer = account("planner", HUAYUAN), account("viewer", FENGHUANG)
    User.objects.filter(pk=viewer.pk).update(office="凤凰县水利局", is_active=False)
    account("planner", CHANGSHA)
    assert names(admin, "") == {prefecture.username, planner.username, viewer.username}
    assert names(admin, "q=水利") == {viewer.username}
    assert names(admin, f"q={planner.username.upper()}") == {planner.username}
    assert names(admin, "role=planner") == {planner.username}
    # Who may act in 花垣县: its planner, and the prefecture's administrator.
    assert names(admin, f"county={HUAYUAN}") == {planner.username, prefecture.username}
    assert names(admin, "state=disabled") == {viewer.username}
    assert names(admin, "q=%25") == set()
    for wrong in ("page=0", "page=x", "role=king", "state=asleep", "county=abc", "page=99999999"):
        assert admin.get(f"/administration/?{wrong}").status_code == 400


def test_a_grant_that_has_ended_matches_no_filter_and_its_account_is_still_listed(
    admin, account
) -> None:
    former = account("planner", HUAYUAN)
    Grant.objects.filter(user=former).update(revoked_at=timezone.now())
    assert former.username in names(admin, "")
    assert names(admin, "role=planner") == set()


def test_a_long_list_is_turned_page_by_page(admin, account) -> None:
    for _number in range(30):
        account("viewer", HUAYUAN)
    first, second = (admin.get(f"/administration/?page={page}") for page in (1, 2))
    assert (len(first.context["accounts"]), len(second.context["accounts"])) == (25, 6)
    assert 'rel="next"' in text(first)
    assert 'rel="prev"' in text(second)


def test_grants_elsewhere_do_not_show(admin, account) -> None:
    clerk = account("viewer", HUAYUAN)
    Grant.objects.create(user=clerk, role="steward", division_id=CHANGSHA)
    for path in ("/administration/", f"/administration/accounts/{clerk.pk}"):
        shown = text(admin.get(path, headers={"Accept-Language": "en"}))
        assert "Viewer" in shown
        assert "岳麓" not in shown
        assert "芙蓉区" not in shown
    other = account("viewer", CHANGSHA)
    assert admin.get(f"/administration/accounts/{other.pk}").status_code == 404


def test_places_are_searched_by_name_and_code_inside_ones_divisions(admin) -> None:
    def found(query: str) -> list[str]:
        response = admin.get("/administration/places", {"place_search": query})
        return [choice.value for choice in response.context["choices"]]

    assert found("") == [f"division:{XIANGXI}"]
    assert found("花垣县")[0] == f"division:{HUAYUAN}"
    assert found("十八洞村") == [f"division:{SHIBADONG}"]
    assert found(SHIBADONG) == [f"division:{SHIBADONG}"]
    assert found("芙蓉区") == found("nul\x00") == found("4301") == []
    assert len(found("村")) == 12


def test_who_administers_everything_may_choose_zones_and_everywhere(signed_in) -> None:
    client = signed_in(User.objects.create_superuser("root"))
    offered = [choice.value for choice in client.get("/administration/places").context["choices"]]
    assert offered[:2] == ["everywhere:", "division:430000000000"]
    assert "zone:luoxiao" in offered
    zones = client.get("/administration/places", {"place_search": "罗霄"}).context["choices"]
    assert "zone:luoxiao" in [choice.value for choice in zones]


def test_a_new_account_can_sign_in_with_the_password_that_is_shown_once(admin) -> None:
    sent = {"username": "zhang.san", "name": "张三", "role": "planner"}
    made = admin.post("/administration/accounts/new", {**sent, "place": f"division:{HUAYUAN}"})
    secret = made.context["secret"]
    assert secret in text(made)
    assert "no-store" in made["Cache-Control"]
    user = User.objects.get(username="zhang.san")
    assert Client().login(username="zhang.san", password=secret)
    assert secret not in text(admin.get(f"/administration/accounts/{user.pk}"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "has blank"}, "username"),
        ({"place": ""}, "place"),
        ({"place": "planet:mars"}, "place"),
        ({"role": "king"}, "role"),
        ({"password": "12345"}, "password"),
        ({"place": "division:433124999999"}, None),
    ],
)
def test_a_form_with_a_mistake_comes_back_with_it_marked(admin, changes, field) -> None:
    sent = {"username": "zhang.san", "role": "planner", "place": f"division:{HUAYUAN}"}
    response = admin.post("/administration/accounts/new", {**sent, **changes})
    assert response.status_code == 422
    assert (field or "__all__") in response.context["form"].errors
    assert not User.objects.filter(username="zhang.san").exists()


def test_grants_are_given_and_ended_with_and_without_htmx(admin, prefecture, account) -> None:
    clerk = account("viewer", HUAYUAN)
    address = f"/administration/accounts/{clerk.pk}"
    sent = {"role": "planner", "place": f"division:{FENGHUANG}"}
    part = admin.post(f"{address}/grant", sent, headers=HTMX)
    assert part.status_code == 200
    assert "<html" not in text(part)
    grant = Grant.objects.get(user=clerk, role="planner")
    assert grant.granted_by == prefecture
    whole = admin.post(f"/administration/grants/{grant.pk}/revoke", follow=True)
    assert whole.redirect_chain == [(address, 302)]
    grant.refresh_from_db()
    assert grant.revoked_by == prefecture
    marked = admin.post(f"{address}/grant", {"role": "planner"}, headers=HTMX)
    assert marked.status_code == 200
    assert "place" in marked.context["form"].errors


def test_ones_own_last_administrator_grant_is_kept(admin, prefecture) -> None:
    grant = Grant.objects.get(user=prefecture)
    assert "/revoke" not in text(admin.get(f"/administration/accounts/{prefecture.pk}"))
    refused = admin.post(f"/administration/grants/{grant.pk}/revoke", headers=HTMX)
    assert refused.context["refusal"]
    grant.refresh_from_db()
    assert grant.revoked_at is None
    oneself = admin.post(f"/administration/accounts/{prefecture.pk}/disable")
    assert oneself.status_code == 422


def test_a_disabled_account_is_out_at_once(admin, account, signed_in) -> None:
    clerk = account("viewer", HUAYUAN)
    browser = signed_in(clerk)
    assert browser.get("/account/").status_code == 200
    admin.post(f"/administration/accounts/{clerk.pk}/disable")
    assert browser.get("/account/").status_code == 302
    admin.post(f"/administration/accounts/{clerk.pk}/enable")
    assert browser.get("/account/").status_code == 200


def test_a_new_password_is_shown_once_and_ends_the_old_one(admin, account, signed_in) -> None:
    clerk = account("viewer", HUAYUAN)
    browser = signed_in(clerk)
    shown = admin.post(f"/administration/accounts/{clerk.pk}/password", headers=HTMX)
    assert Client().login(username=clerk.username, password=shown.context["secret"])
    assert not Client().login(username=clerk.username, password="pass-1234")
    assert browser.get("/account/").status_code == 302


def test_looks_at_personal_data_are_listed_with_who_when_and_why(
    admin, make_feature, account
) -> None:
    toilet = make_feature("toilets", householder="滕建国")
    clerk = account("steward", HUAYUAN)
    for division, reason in ((HUAYUAN, "核对户主"), (CHANGSHA, "别处")):
        Unmasking.objects.create(
            user=clerk, layer="toilets", feature_id=toilet.pk, division=division, reason=reason
        )
    shown = text(admin.get("/administration/unmaskings"))
    assert "核对户主" in shown
    assert clerk.username in shown
    assert f"/map/toilets/{toilet.pk}" in shown
    assert "别处" not in shown


def test_the_menu_leads_administrators_there_and_nobody_else(admin, account, signed_in) -> None:
    assert 'href="/administration/"' in text(admin.get("/account/"))
    steward = text(signed_in(account("steward", HUAYUAN)).get("/account/"))
    assert 'href="/administration/"' not in steward
    assert 'href="/account/"' in steward


def test_ones_account_page_names_ones_grants_and_how_to_connect(account, signed_in) -> None:
    shown = text(signed_in(account("viewer", zone="luoxiao")).get("/account/"))
    assert "罗霄山片区" in shown
    assert "http://testserver/ogc/" in shown


def test_a_token_is_shown_once_and_only_its_owner_revokes_it(account, signed_in) -> None:
    owner = account("planner", HUAYUAN)
    client = signed_in(owner)
    made = client.post("/account/tokens", {"name": "QGIS", "days": "90"})
    secret = made.context["secret"]
    assert secret in text(made)
    assert "no-store" in made["Cache-Control"]
    assert secret not in text(client.get("/account/"))
    token = AccessToken.objects.get(user=owner)
    stranger = signed_in(account("planner", HUAYUAN))
    assert stranger.post(f"/account/tokens/{token.pk}/revoke").status_code == 404
    assert tokens.user_of(secret) == owner
    client.post(f"/account/tokens/{token.pk}/revoke")
    assert tokens.user_of(secret) is None
    wrong = client.post("/account/tokens", {"name": "", "days": "7"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"name", "days"}


def test_changing_ones_password_keeps_the_session_and_is_journalled(account, signed_in) -> None:
    user = account("planner", HUAYUAN)
    client = signed_in(user)
    new = "quiet-mountain-7"
    sent = {"old_password": "pass-1234", "new_password1": new, "new_password2": new}
    assert client.post("/account/password/", sent).status_code == 302
    assert client.get("/account/").status_code == 200
    assert AccountEvent.objects.get(account=user).kind == "password-changed"
