"""Tiles that were drawn before: never stale, never another reader's, never unbounded."""

from datetime import timedelta
from functools import partial
from http.cookies import SimpleCookie
from wsgiref.util import setup_testing_defaults

import brotli
import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.test import Client
from django.utils import timezone

from layers.models import Grant
from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN
from tests.tiles.test_tiles import address, tile_over
from tiles.encoding import encoding_for
from tiles.hits.application import TileHits
from tiles.hits.asking import Asking
from tiles.hits.store import Kept, TileStore

TILE = tile_over(*IN_HUAYUAN, 7)
"""Both counties are in it."""


class Django:
    """The whole service, and how often it was asked."""

    def __init__(self) -> None:
        self.application = get_wsgi_application()
        self.asked = 0

    def __call__(self, environ, start_response):
        self.asked += 1
        return self.application(environ, start_response)


@pytest.fixture
def django() -> Django:
    return Django()


@pytest.fixture
def hits(db, django, tmp_path, monkeypatch) -> TileHits:
    """Asks over the test's own connection, which sees what the test has not committed."""
    found = TileHits(django, TileStore(tmp_path / "tiles", 1 << 20))
    connection.ensure_connection()
    asking = Asking(connection.connection)
    monkeypatch.setattr(found._asking, "get", lambda: asking)
    # As the test client does it: the connection is in the middle of the test's transaction.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield found
    for signal in signals:
        signal.connect(close_old_connections)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")


def sent(hits: TileHits, client: Client | None, path: str = address("toilets", TILE), **headers):
    """A request as granian hands it on; of a client with its cookies, or of nobody."""
    path, _mark, query = path.partition("?")
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": "GET", **headers}
    if client is not None:
        cookies = SimpleCookie(client.cookies)
        environ["HTTP_COOKIE"] = "; ".join(f"{k}={v.value}" for k, v in cookies.items())
    setup_testing_defaults(environ)
    told = []
    body = b"".join(hits(environ, lambda status, headers, *_more: told.extend([status, headers])))
    return int(told[0][:3]), {name.lower(): value for name, value in told[1]}, body


@pytest.fixture
def get(hits):
    return partial(sent, hits)


@pytest.fixture
def two_counties(make_feature) -> None:
    make_feature("toilets", IN_HUAYUAN)
    make_feature("toilets", IN_FENGHUANG)


@pytest.fixture
def viewer(two_counties, account, signed_in) -> Client:
    return signed_in(account("viewer", HUAYUAN))


def test_a_tile_is_drawn_once_and_an_edit_is_seen_at_once(
    viewer, get, django, edit, make_feature
) -> None:
    get(viewer)
    first = get(viewer)
    asked = django.asked
    assert get(viewer) == first
    assert django.asked == asked
    status, headers, _body = get(viewer, HTTP_IF_NONE_MATCH=first[1]["etag"])
    assert (status, headers["etag"]) == (304, first[1]["etag"])
    assert django.asked == asked
    make_feature("toilets", IN_HUAYUAN)
    later = get(viewer, HTTP_IF_NONE_MATCH=first[1]["etag"])
    assert later[0] == 200
    assert later[1]["etag"] != first[1]["etag"]
    assert django.asked == asked + 1


def test_what_happens_elsewhere_changes_nothing(viewer, get, django, make_feature) -> None:
    get(viewer)
    first = get(viewer)
    asked = django.asked
    make_feature("toilets", IN_FENGHUANG)
    assert get(viewer) == first
    assert django.asked == asked


def test_each_reader_gets_what_django_would_give(viewer, get, django, account, signed_in) -> None:
    readers = [
        viewer,
        signed_in(account("viewer", FENGHUANG)),
        signed_in(account("viewer", "430000000000")),
        signed_in(account("viewer", "433124110000")),
        signed_in(account()),
        None,
    ]
    for _time in range(3):
        for reader in readers:
            status, headers, body = get(reader)
            alone_status, alone_headers, alone = sent(django, reader)
            assert (status, body) == (alone_status, alone)
            assert headers.items() <= alone_headers.items()
            assert headers["etag"]


def test_a_revoked_grant_a_locked_account_and_a_logout_count_at_once(
    viewer, get, account, signed_in
) -> None:
    assert get(viewer)[0] == get(viewer)[0] == 200
    Grant.objects.update(revoked_at=timezone.now())
    assert get(viewer)[0] == 204
    user = account("viewer", HUAYUAN)
    client = signed_in(user)
    assert get(client)[0] == get(client)[0] == 200
    user.is_active = False
    user.save()
    assert get(client)[0] == 204
    other = signed_in(account("viewer", HUAYUAN))
    cookies = SimpleCookie(other.cookies)
    assert get(other)[0] == get(other)[0] == 200
    other.logout()
    other.cookies = cookies
    assert get(other)[0] == 204


@pytest.mark.parametrize(
    "second", ["sessionid ={}", "\tsessionid={}", 'sessionid="{}"', "\xa0sessionid={}", "\xe9={}"]
)
@pytest.mark.parametrize("order", [1, -1])
def test_no_second_cookie_makes_one_session_pass_for_another(
    viewer, get, django, account, signed_in, second, order
) -> None:
    """Both sides take the same of two; else one's session would be kept as the other's."""
    wide = signed_in(account("viewer", "430000000000"))
    narrow_key, wide_key = (each.cookies["sessionid"].value for each in (viewer, wide))
    both = "; ".join([f"sessionid={narrow_key}", second.format(wide_key)][::order])
    assert get(wide)[0] == get(wide)[0] == 200
    for _time in range(3):
        of_both = get(None, HTTP_COOKIE=both)
        assert of_both[2] == sent(django, None, HTTP_COOKIE=both)[2]
        for reader in (viewer, wide):
            assert get(reader)[2] == sent(django, reader)[2]


def test_a_grant_that_ends_by_itself_ends(viewer, get, hits, monkeypatch) -> None:
    Grant.objects.update(revoked_at=timezone.now() + timedelta(seconds=30))
    assert get(viewer)[0] == get(viewer)[0] == 200
    later = timezone.now() + timedelta(seconds=31)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert get(viewer)[0] == 204


@pytest.mark.parametrize("layer", ["toilets", "roads", "divisions", "zones"])
@pytest.mark.parametrize("z", [0, 9, 13, 18])
def test_every_kind_of_tile_can_be_a_hit(viewer, get, django, make_feature, layer, z) -> None:
    make_feature("roads", IN_HUAYUAN)
    path = address(layer, tile_over(*IN_HUAYUAN, z))
    get(viewer, path)
    first = get(viewer, path)
    asked = django.asked
    assert get(viewer, path) == first
    assert first[0] in {200, 204}
    assert django.asked == asked


def test_the_encoding_is_the_clients(viewer, get, django) -> None:
    path = address("divisions", tile_over(*IN_HUAYUAN, 6))
    plain = get(viewer, path)[2]
    for _time in range(2):
        assert get(viewer, path, HTTP_ACCEPT_ENCODING="gzip")[1]["content-encoding"] == "gzip"
        found = get(viewer, path, HTTP_ACCEPT_ENCODING="gzip, br")
        assert found[1]["content-encoding"] == "br"
        assert brotli.decompress(found[2]) == plain
        assert "content-encoding" not in get(viewer, path)[1]
    assert encoding_for("br;q=0, gzip;q=0.5, *") == "gzip"
    assert encoding_for("") == ""


@pytest.mark.parametrize(
    "path",
    [
        "/tiles/toilets/9/411/213.mvt?at=2024-01-01",
        "/tiles/toilets/40/0/0.mvt",
        "/tiles/nothing/0/0/0.mvt",
        "/tiles/toilets.json",
        "/healthz",
    ],
)
def test_what_is_no_plain_tile_is_left_to_django(viewer, get, django, path) -> None:
    asked = django.asked
    get(viewer, path)
    get(viewer, path)
    assert django.asked == asked + 2


@pytest.mark.django_db(transaction=True)
def test_over_a_connection_of_its_own_and_another_one_when_it_broke(
    make_feature, account, signed_in, django, tmp_path
) -> None:
    own = TileHits(django, TileStore(tmp_path / "tiles", 1 << 20))
    client = signed_in(account("viewer", HUAYUAN))
    make_feature("toilets", IN_HUAYUAN)
    first = [sent(own, client) for _time in range(2)][1]
    asked = django.asked
    assert sent(own, client) == first
    assert django.asked == asked
    own._asking.get().close()
    assert sent(own, client)[2] == first[2]
    assert django.asked == asked + 1
    assert sent(own, client) == first
    assert django.asked == asked + 1
    own._asking.drop()


def test_the_store_stays_within_its_bound(tmp_path) -> None:
    store = TileStore(tmp_path / "tiles", 20_000)
    for number in range(200):
        store.put([number], Kept("200 OK", [("ETag", f'"{number}"')], bytes(500)))
    store.keep_within_bound()
    size = sum(each.stat().st_size for each in (tmp_path / "tiles").rglob("*") if each.is_file())
    assert size <= 20_000
    assert store.get([0]) is None
    assert store.get([199]) == Kept("200 OK", [("ETag", '"199"')], bytes(500))
    folders = [tmp_path / "tiles", *(tmp_path / "tiles").rglob("*")]
    assert all(each.stat().st_mode & 0o077 == 0 for each in folders)


def test_a_damaged_entry_is_none(tmp_path) -> None:
    store = TileStore(tmp_path / "tiles", 20_000)
    store.put([1], Kept("200 OK", [], b"body"))
    (entry,) = (each for each in (tmp_path / "tiles").rglob("*") if each.is_file())
    entry.write_bytes(b"")
    assert store.get([1]) is None


def test_a_tile_that_cannot_be_kept_is_served(viewer, get, hits, tmp_path) -> None:
    (tmp_path / "tiles").write_text("no folder")
    first = [get(viewer) for _time in range(2)][1]
    assert first[0] == 200
    assert get(viewer) == first


def test_a_tile_of_a_known_reader_is_drawn_without_asking_who_it_is(
    viewer, get, make_feature, django_assert_num_queries
) -> None:
    get(viewer)
    make_feature("toilets", IN_HUAYUAN)
    with django_assert_num_queries(0):
        drawn = get(viewer)
    assert drawn[0] == 200
    assert drawn[1].keys() >= {"etag", "content-security-policy", "x-content-type-options"}


def test_a_connection_forgets_the_statements_it_needs_least(viewer, get, hits, monkeypatch) -> None:
    monkeypatch.setattr("tiles.hits.asking.MOST_PREPARED", 2)
    for _time in range(2):
        for z in (5, 9, 13, 5):
            assert get(viewer, address("toilets", tile_over(*IN_HUAYUAN, z)))[0] == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'tile\\_%'")
        assert cursor.fetchone() == (2,)
