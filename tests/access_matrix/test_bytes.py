"""What lies outside one's grants changes no byte of any answer (docs/access.md).

Every address of the table is asked twice by each role: with much data outside its division, and
again when that data has been taken away. Statuses, headers and bodies must be the same.
"""

import re

import pytest
from django.db import transaction
from django.test import Client

from tests.access_matrix.asking import Answer, Answers
from tests.access_matrix.expectation import READERS, SUPERUSER, Entry
from tests.access_matrix.scene import Scene, add_outside
from tests.access_matrix.table import TABLE

pytestmark = pytest.mark.django_db

READ = [entry for entry in TABLE if entry.method == "GET"]

VARYING = (
    # Masked anew in every page (django.middleware.csrf).
    re.compile(rb'(csrf-token" content="|csrfmiddlewaretoken" value="|data-csrf-token=")\w+'),
    # A form's own uid, made when it is shown, so that sending it twice is once.
    re.compile(rb'(name="uid" value=")[0-9a-f-]{36}'),
    # When a page of features was read.
    re.compile(rb'("timeStamp": ")[^"]+'),
    # How much of everything waits for the fold, and for how long: not whose, and not where.
    re.compile(rb"(xiangcun_overview_(?:deltas|lag_seconds)) [\d.]+"),
    # folium names the parts of a page by random numbers.
    re.compile(rb"\b([a-z_]+_)[0-9a-f]{32}(?![0-9a-f])"),
)
UNCOMPARED_HEADERS = {"Expires", "Set-Cookie"}
"""The time of the answer, and the CSRF cookie."""


SHOWING = {
    "api/conflicts",
    "api/plans",
    "api/layers/{name}/counts",
    "administration/",
    "administration/unmaskings",
    "conflicts/",
    "imports/",
    "maintenance/",
    "plans/",
    "projects/",
    "zones/",
    "zones/{code}",
    "zones/{code}/map.html",
    "tiles/{name}/{z}/{x}/{y}.mvt",
    "api/rasters",
    "api/search",
    "ogc/collections/{name}/items",
}
"""Routes about many features: what is outside must show there to those who may see everything."""


Compared = dict[tuple[str, str], Answer]


def compared(answer: Answer) -> Answer:
    """The answer without what differs between two looks at the same thing."""
    body = answer.body
    for pattern in VARYING:
        body = pattern.sub(rb"\1", body)
    headers = {k: v for k, v in answer.headers.items() if k not in UNCOMPARED_HEADERS}
    if headers.get("Content-Length") == str(len(answer.body)):
        headers["Content-Length"] = str(len(body))
    return Answer(answer.status, headers, body)


def every_answer(scene: Scene, answers: Answers) -> Compared:
    return {
        (account, address): compared(answers.to(account, entry, address))
        for entry in READ
        for account in (*READERS, *([SUPERUSER] if entry.pattern in SHOWING else []))
        for address in entry.addresses(scene, account)
    }


@pytest.fixture(scope="module")
def pairs(scene: Scene, clients: dict[str, Client], answers: Answers) -> tuple[Compared, Compared]:
    """All answers with the data outside, and without."""
    with transaction.atomic():
        add_outside(scene)
        crowded = every_answer(scene, Answers(scene, clients))
        transaction.set_rollback(True)
    return crowded, every_answer(scene, answers)


@pytest.mark.parametrize("entry", READ, ids=lambda entry: entry.title)
def test_data_outside_ones_grants_changes_no_byte(
    scene: Scene, pairs: tuple[Compared, Compared], entry: Entry
) -> None:
    crowded, alone = pairs
    differing = [
        f"{account} GET {address}: {difference(crowded[account, address], alone[account, address])}"
        for account in READERS
        for address in entry.addresses(scene, account)
        if crowded[account, address] != alone[account, address]
        or alone[account, address].status >= 500
    ]
    assert not differing, "\n".join(differing)


def difference(crowded: Answer, alone: Answer) -> str:
    """Where the two part, in as few words as show it."""
    if alone.status >= 500:
        return "fails"
    if crowded.status != alone.status:
        return f"{crowded.status} with data outside, {alone.status} without"
    if crowded.headers != alone.headers:
        return str(dict(crowded.headers.items() ^ alone.headers.items()))
    pairs = enumerate(zip(crowded.body, alone.body, strict=False))
    shorter = min(len(crowded.body), len(alone.body))
    at = next((place for place, (one, other) in pairs if one != other), shorter)
    cut = slice(max(at - 60, 0), at + 90)
    return f"at byte {at}: {crowded.body[cut]!r} and {alone.body[cut]!r}"


@pytest.mark.parametrize("pattern", sorted(SHOWING))
def test_the_comparison_sees_data_that_a_reader_may_see(
    scene: Scene, pairs: tuple[Compared, Compared], pattern: str
) -> None:
    """A superuser's answers do change: else the test above would prove nothing."""
    crowded, alone = pairs
    addresses = [
        each
        for entry in READ
        if entry.pattern == pattern
        for each in entry.addresses(scene, SUPERUSER)
    ]
    assert any(crowded[SUPERUSER, each] != alone[SUPERUSER, each] for each in addresses)
