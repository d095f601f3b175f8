"""Passwords and tokens of desktop clients."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import Error, transaction
from django.utils import timezone

from layers.access import throttle, tokens
from layers.access.credentials import BadCredentials, user_of_password, user_of_token
from layers.access.throttle import TooManyAttempts, charge, counters, refund
from layers.errors import BadRequest, NotFound
from layers.models import AccessToken, AccountEvent, FailedAttempt, User
from tests.conftest import HUAYUAN

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()


@pytest.fixture
def planner(account) -> User:
    return account("planner", HUAYUAN)


@pytest.fixture
def hashes(monkeypatch) -> list[str]:
    """Grows by one with every password that is hashed."""
    counted: list[str] = []
    encode = MD5PasswordHasher.encode

    def count(self: Any, password: str, salt: str) -> str:
        counted.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", count)
    return counted


def test_a_user_name_with_its_password_is_its_account(planner) -> None:
    assert user_of_password(planner.username, "pass-1234", address=HERE) == planner
    for name, password in [
        (planner.username, "pass-12345"),
        (planner.username, ""),
        ("nobody-at-all", "pass-1234"),
        ("nul\x00", "pass-1234"),
        ("", ""),
    ]:
        with pytest.raises(BadCredentials):
            user_of_password(name, password, address=HERE)


def test_a_verified_password_is_hashed_once_and_not_with_every_tile(planner, hashes) -> None:
    for _tile in range(5):
        user_of_password(planner.username, "pass-1234", address=HERE)
    assert len(hashes) == 1


def test_an_unknown_name_costs_as_many_hashes_as_a_wrong_password(planner, hashes) -> None:
    def cost(name: str) -> int:
        before = len(hashes)
        with pytest.raises(BadCredentials):
            user_of_password(name, "wrong-pass", address=HERE)
        return len(hashes) - before

    planner.set_password("pass-1234")
    planner.save()
    gone = User.objects.create_user("gone", password="pass-1234", is_active=False)
    passwordless = User.objects.create_user("system")
    names = [planner.username, "unknown", gone.username, passwordless.username]
    assert {name: cost(name) for name in names} == dict.fromkeys(names, 1)


def test_a_new_password_or_a_disabled_account_ends_what_was_remembered(planner) -> None:
    user_of_password(planner.username, "pass-1234", address=HERE)
    planner.set_password("another-1")
    planner.save()
    with pytest.raises(BadCredentials):
        user_of_password(planner.username, "pass-1234", address=HERE)
    user_of_password(planner.username, "another-1", address=HERE)
    planner.is_active = False
    planner.save()
    with pytest.raises(BadCredentials):
        user_of_password(planner.username, "another-1", address=HERE)


def test_what_is_remembered_contains_neither_name_nor_password(planner, monkeypatch) -> None:
    kept: list[str] = []
    monkeypatch.setattr(cache, "set", lambda *args, **more: kept.append(repr((args, more))))
    user_of_password(planner.username, "pass-1234", address=HERE)
    assert kept
    assert "pass-1234" not in kept[0]
    assert planner.username not in kept[0]
    assert planner.password not in kept[0]


def fail(name: str, address: str, times: int) -> None:
    for _attempt in range(times):
        with pytest.raises(BadCredentials):
            user_of_password(name, "wrong-pass", address=address)


def test_after_some_failures_the_address_has_to_wait_and_everybody_else_has_not(planner) -> None:
    fail(planner.username, HERE, 11)
    with pytest.raises(TooManyAttempts) as refusal:
        user_of_password(planner.username, "pass-1234", address=HERE)
    assert 1 <= refusal.value.detail["retry_after"] <= 2
    assert user_of_password(planner.username, "pass-1234", address=ELSEWHERE) == planner


@pytest.mark.django_db
def test_an_unknown_account_has_to_wait_just_the_same() -> None:
    """Or the wait would tell which accounts exist."""
    fail("nobody-at-all", HERE, 11)
    with pytest.raises(TooManyAttempts):
        user_of_password("nobody-at-all", "wrong-pass", address=HERE)


@pytest.mark.django_db
def test_waits_grow_to_five_minutes_and_attempts_during_one_do_not_prolong_it(planner) -> None:
    charged = counters(purpose="client", username=planner.username, address=HERE)
    account = charged[:1]
    waits = []
    for _attempt in range(22):
        FailedAttempt.objects.update(open_at=timezone.now())
        charge(account)
        row = FailedAttempt.objects.get(pk=account[0].key)
        waits.append(max(0, round((row.open_at - row.last_at).total_seconds())))
    assert waits == [0] * 10 + [2, 4, 8, 16, 32, 64, 128, 256] + [300] * 4
    before = FailedAttempt.objects.get(pk=account[0].key)
    with pytest.raises(TooManyAttempts):
        charge(account)
    assert FailedAttempt.objects.get(pk=account[0].key).open_at == before.open_at


def test_failures_are_forgotten_after_a_quiet_while(planner) -> None:
    fail(planner.username, HERE, 11)
    long_ago = timezone.now() - throttle.WINDOW - timedelta(seconds=1)
    FailedAttempt.objects.update(last_at=long_ago, open_at=long_ago)
    fail(planner.username, HERE, 1)
    assert FailedAttempt.objects.filter(failures=1).count() == 2
    FailedAttempt.objects.update(last_at=timezone.now() - timedelta(days=2))
    fail("another", ELSEWHERE, 1)
    assert FailedAttempt.objects.count() == 2, "rows of long ago are cleared away"


def test_success_forgives_the_account_and_one_attempt_of_the_address(planner) -> None:
    fail("somebody", HERE, 3)
    user_of_password(planner.username, "pass-1234", address=HERE)
    of_account, of_address = counters(purpose="client", username=planner.username, address=HERE)
    assert not FailedAttempt.objects.filter(pk=of_account.key).exists()
    assert FailedAttempt.objects.get(pk=of_address.key).failures == 3


def test_addresses_of_one_ipv6_subscriber_count_as_one() -> None:
    one, other, stranger = (
        counters(purpose="client", username="a", address=address)
        for address in ("2001:db8::1", "2001:db8::ffff", "2001:db8:1::1")
    )
    assert one == other != stranger


def test_a_token_signs_in_alone_or_as_its_owners_password(planner, account) -> None:
    _token, secret = tokens.create_token(actor=planner, name="QGIS", days=90)
    assert user_of_token(secret) == planner
    assert user_of_password(planner.username, secret, address=HERE) == planner
    with pytest.raises(BadCredentials):
        user_of_password(account("planner", HUAYUAN).username, secret, address=HERE)
    with pytest.raises(BadCredentials):
        user_of_token(secret[:-1] + ("a" if secret[-1] != "a" else "b"))


def test_only_a_hash_of_the_secret_is_kept(planner) -> None:
    token, secret = tokens.create_token(actor=planner, name="QGIS", days=90)
    assert secret.startswith(token.prefix)
    assert len(token.prefix) == 11
    for row in (*AccessToken.objects.values_list(), *AccountEvent.objects.values_list()):
        assert secret[11:] not in str(row)


def test_a_revoked_an_expired_and_a_disabled_accounts_token_is_nobodys(planner) -> None:
    token, secret = tokens.create_token(actor=planner, name="QGIS", days=30)
    AccessToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    with pytest.raises(BadCredentials):
        user_of_token(secret)
    token, secret = tokens.create_token(actor=planner, name="QGIS", days=30)
    User.objects.filter(pk=planner.pk).update(is_active=False)
    with pytest.raises(BadCredentials):
        user_of_token(secret)
    User.objects.filter(pk=planner.pk).update(is_active=True)
    assert user_of_token(secret) == planner
    tokens.revoke_token(actor=planner, token_id=token.pk)
    with pytest.raises(BadCredentials):
        user_of_token(secret)


def test_a_tokens_use_is_noted_at_most_once_an_hour(planner, django_assert_num_queries) -> None:
    token, secret = tokens.create_token(actor=planner, name="QGIS", days=30)
    user_of_token(secret)
    token.refresh_from_db()
    assert token.last_used_at is not None
    with django_assert_num_queries(1):
        user_of_token(secret)
    AccessToken.objects.update(last_used_at=timezone.now() - timedelta(minutes=61))
    with django_assert_num_queries(2):
        user_of_token(secret)


def test_tokens_are_ones_own_named_limited_and_journalled(planner, account) -> None:
    token, _secret = tokens.create_token(actor=planner, name=" QGIS ", days=30)
    with pytest.raises(NotFound):
        tokens.revoke_token(actor=account("planner", HUAYUAN), token_id=token.pk)
    for _twice in range(2):
        tokens.revoke_token(actor=planner, token_id=token.pk)
    kinds = [event.kind for event in AccountEvent.objects.filter(account=planner)]
    assert kinds == ["token-revoked", "token-created"]
    for name, days in [("", 30), ("x", 31), ("nul\x00", 30)]:
        with pytest.raises(BadRequest):
            tokens.create_token(actor=planner, name=name, days=days)
    for number in range(tokens.MOST_EACH):
        tokens.create_token(actor=planner, name=str(number), days=30)
    with pytest.raises(BadRequest):
        tokens.create_token(actor=planner, name="one more", days=30)


def test_the_journal_of_accounts_is_append_only(planner) -> None:
    tokens.create_token(actor=planner, name="QGIS", days=30)
    for act in (lambda: AccountEvent.objects.update(note=""), AccountEvent.objects.all().delete):
        with pytest.raises(Error), transaction.atomic():
            act()
    refund(counters(purpose="client", username="nobody", address=HERE))
