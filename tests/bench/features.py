"""OGC API - Features and the editing service over the data there is, beside the bare SQL and peers.

    bin/manage seed_demo --features 10000000
    bin/bench features        (measures the toilets of the service; BENCH_ROUNDS, 7 by default)

Peers read a table of their own with the same rows, columns and an index on the geometry they
look at (EPSG:4326), so that they show what they can do; they know of no rights, ours asks them.
Edits run in a transaction that is taken back, deferred constraints forced before: nothing of the
benchmark stays in the journal.
"""

import base64
import json
import os
import statistics
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisapp.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from layers.editing import service  # noqa: E402
from layers.editing.request import EditRequest  # noqa: E402
from layers.models import Edit, Grant, Operation, User  # noqa: E402
from layers.registry import LAYERS  # noqa: E402
from tests.bench import _servers  # noqa: E402

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
LAYER = LAYERS["toilets"]
PEER_TABLE = "bench_points"
LIMIT = 1000
EDITS = 10_000
ACCOUNT = "bench-features"

COLUMNS = tuple(each.name for each in LAYER.columns())
BOXES = {
    "a village": (109.70, 28.30, 109.72, 28.32),
    "a town": (109.6, 28.2, 109.9, 28.5),
    "a county": (109.3, 28.0, 110.1, 28.8),
    "the province": (108.7, 24.6, 114.3, 30.2),
}


def query(statement: str, values: object = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def middle(action: Callable[[], object]) -> float:
    """Milliseconds of the median round, after one to warm up."""
    action()
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def fetch(address: str, password: str = "") -> bytes:
    request = urllib.request.Request(address)
    request.add_header("Accept", "application/geo+json")
    if password:
        pair = base64.b64encode(f"{ACCOUNT}:{password}".encode()).decode()
        request.add_header("Authorization", f"Basic {pair}")
    with urllib.request.urlopen(request, timeout=600) as answer:
        return bytes(answer.read())


def box_text(box: tuple[float, ...]) -> str:
    return ",".join(map(str, box))


@contextmanager
def account() -> Iterator[str]:
    """A viewer of the whole province, for as long as the benchmark runs; gives the password."""
    password = uuid.uuid4().hex
    User.objects.filter(username=ACCOUNT).delete()
    user = User.objects.create_user(ACCOUNT, password=password)
    Grant.objects.create(user=user, role="viewer", division_id="430000000000")
    try:
        yield password
    finally:
        user.delete()


@contextmanager
def peer_table() -> Iterator[None]:
    query(f"DROP TABLE IF EXISTS {PEER_TABLE}")
    query(
        f"CREATE UNLOGGED TABLE {PEER_TABLE} AS SELECT id, {', '.join(COLUMNS)},"
        f" ST_SetSRID(geom, 4326)::geometry(Point, 4326) AS geom FROM {LAYER.table}"
        " WHERE geom IS NOT NULL ORDER BY id"
    )
    query(f"ALTER TABLE {PEER_TABLE} ADD PRIMARY KEY (id)")
    query(f"CREATE INDEX ON {PEER_TABLE} USING gist (geom)")
    query(f"ANALYZE {PEER_TABLE}")
    try:
        yield
    finally:
        query(f"DROP TABLE {PEER_TABLE}")


def bare_page(box: tuple[float, ...], order: str) -> list[Any]:
    """What any server has to ask at the very least for such a page."""
    return query(
        f"SELECT id, {', '.join(COLUMNS)}, ST_AsGeoJSON(geom, 9) FROM {PEER_TABLE}"
        f" WHERE geom && ST_MakeEnvelope(%s, %s, %s, %s, 4326) {order} LIMIT %s",
        [*box, LIMIT],
    )


def bare_count(box: tuple[float, ...]) -> list[Any]:
    return query(
        f"SELECT count(*) FROM {PEER_TABLE} WHERE geom && ST_MakeEnvelope(%s, %s, %s, %s, 4326)",
        box,
    )


def pages(password: str) -> None:
    print(f"\n### A page of {LIMIT} by bbox (median of {ROUNDS}, ms)\n")
    print("Ours and the peers' also say exactly how many match. Bare: any 1000, those by id, the")
    print("count; ours / bare is against the quicker page and the count together.\n")
    print("| box | matched | any | by id | count | ours | ours / bare | tipg | pygeoapi |")
    print("|---|---|---|---|---|---|---|---|---|")
    with (
        _servers.ours() as address,
        _servers.tipg(PEER_TABLE) as tipg,
        _servers.pygeoapi(PEER_TABLE) as pygeoapi,
    ):
        items = f"{address}/ogc/collections/{LAYER.name}/items"
        for name, box in BOXES.items():
            tail = f"?bbox={box_text(box)}&limit={LIMIT}"
            found = json.loads(fetch(items + tail, password))
            free = middle(lambda b=box: bare_page(b, ""))
            by_id = middle(lambda b=box: bare_page(b, "ORDER BY id"))
            count = middle(lambda b=box: bare_count(b))
            mine = middle(lambda t=tail: fetch(items + t, password))
            theirs = [_or_dash(lambda p=peer, t=tail: fetch(p + t)) for peer in (tipg, pygeoapi)]
            print(
                f"| {name} | {found['numberMatched']:,} | {free:.1f} | {by_id:.1f} | {count:.1f}"
                f" | {mine:.1f} | {mine / (min(free, by_id) + count):.1f}"
                f" | {theirs[0]} | {theirs[1]} |",
                flush=True,
            )
        depth(items, password, {"tipg": tipg, "pygeoapi": pygeoapi})


def _or_dash(action: Callable[[], object]) -> str:
    try:
        return f"{middle(action):.1f}"
    except OSError as error:
        return f"fails ({error})"


def depth(items: str, password: str, peers: dict[str, str]) -> None:
    """The page at a depth, by following `next`; peers jump there by offset."""
    print(f"\n### The page of {LIMIT} at a depth (median of {ROUNDS}, ms)\n")
    print("| rows before it | ours | " + " | ".join(peers) + " |")
    print("|---" * (len(peers) + 2) + "|")
    address, at = f"{items}?limit={LIMIT}", 0
    for wanted in (0, 100_000, 1_000_000):
        while at < wanted:
            # Larger steps on the way; the page that is measured is of the usual size.
            step = address.replace(f"limit={LIMIT}", "limit=10000")
            address = _next(json.loads(fetch(step, password)))
            address, at = address.replace("limit=10000", f"limit={LIMIT}"), at + 10_000
        mine = middle(lambda a=address: fetch(a, password))
        theirs = [
            _or_dash(lambda p=peer, w=wanted: fetch(f"{p}?limit={LIMIT}&offset={w}"))
            for peer in peers.values()
        ]
        print(f"| {wanted:,} | {mine:.1f} | " + " | ".join(theirs) + " |", flush=True)


def _next(page: dict[str, Any]) -> str:
    return next(str(link["href"]) for link in page["links"] if link["rel"] == "next")


def as_text() -> None:
    print("\n### One page of rows as GeoJSON text (median, ms)\n")
    some = f"(SELECT * FROM {LAYER.table} ORDER BY id LIMIT 10000) AS t"
    record = middle(lambda: query(f"SELECT sum(length(ST_AsGeoJSON(t))) FROM {some}"))
    geometry = middle(lambda: query(f"SELECT sum(length(ST_AsGeoJSON(geom))) FROM {some}"))
    print("| of 10,000 rows | ms |\n|---|---|")
    print(f"| ST_AsGeoJSON(record) | {record:.1f} |")
    print(f"| ST_AsGeoJSON(geom) | {geometry:.1f} |")


def requests(count: int, base: int = 0) -> list[EditRequest]:
    return [
        EditRequest(
            uuid.uuid4(),
            LAYER.name,
            Operation.CREATE,
            geometry={
                "type": "Point",
                "coordinates": [109.4 + (base + n) % 100 * 1e-3, 28.5 + (base + n) // 100 * 1e-3],
            },
            properties={
                "category": "household",
                "toilet_type": "three_chamber",
                "division": "433124000000",
            },
        )
        for n in range(count)
    ]


def bare_insert(rows: int) -> None:
    """The same rows, in one INSERT, with nothing checked and nothing journalled."""
    columns = [f.column for f in LAYER.model._meta.concrete_fields if not f.generated]
    listed = ", ".join(c for c in columns if c not in ("id", "code"))
    query("SELECT set_config('layers.writer', pg_current_xact_id()::text, true)")
    query(
        f"INSERT INTO {LAYER.table} (code, {listed})"
        f" SELECT 'bench-' || gen_random_uuid(), {listed} FROM {LAYER.table} ORDER BY id LIMIT %s",
        [rows],
    )


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def timed(action: Callable[[], object]) -> float:
    times = []
    for _round in range(3):
        with taken_back():
            start = time.perf_counter()
            action()
            times.append(time.perf_counter() - start)
    return min(times) * 1000


def edits() -> None:
    print("\n### Edits (best of 3, ms)\n")
    author = User.objects.get(username=ACCOUNT)
    Grant.objects.create(user=author, role="planner", division_id="430000000000")
    one_bare, many_bare = timed(lambda: bare_insert(1)), timed(lambda: bare_insert(EDITS))
    many = timed(lambda: _all(author, requests(EDITS)))
    one = timed(lambda: _all(author, requests(1)))
    client = Client(headers={"host": "localhost"})
    client.force_login(author)
    client.get("/api/layers")
    http = timed(lambda: _over_http(client))
    print("| what | ms | / bare |\n|---|---|---|")
    print(f"| bare INSERT of one row | {one_bare:.2f} | |")
    print(f"| one edit through the service | {one:.2f} | {one / one_bare:.1f} |")
    print(f"| one edit, POST /api/edits | {http:.2f} | {http / one_bare:.1f} |")
    print(f"| bare INSERT of {EDITS:,} rows | {many_bare:.0f} | |")
    print(f"| {EDITS:,} edits in one request | {many:.0f} | {many / many_bare:.1f} |")


def _all(author: User, wanted: list[EditRequest]) -> None:
    outcomes = service.submit_all(actor=author, requests=wanted)
    assert all(each.in_the_journal for each in outcomes), outcomes[:3]
    query("SET CONSTRAINTS ALL IMMEDIATE")
    query("SET CONSTRAINTS ALL DEFERRED")


def _over_http(client: Client) -> None:
    (request,) = requests(1, base=7)
    body = {
        "uid": str(request.uid),
        "layer": request.layer,
        "operation": "create",
        "geometry": request.geometry,
        "properties": request.properties,
    }
    answer = client.post("/api/edits", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    query("SET CONSTRAINTS ALL IMMEDIATE")
    query("SET CONSTRAINTS ALL DEFERRED")
    assert Edit.objects.filter(uid=request.uid).exists()


def main() -> None:
    print(f"{LAYER.rows.count():,} features of {LAYER.name}")
    with account() as password:
        with peer_table():
            pages(password)
        as_text()
        edits()


if __name__ == "__main__":
    main()
