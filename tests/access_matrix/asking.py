"""Sending the table's requests, each undone again."""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import NamedTuple
from urllib.parse import quote

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from gisapp.failures import MACHINE_PREFIXES
from tests.access_matrix.expectation import Entry
from tests.access_matrix.scene import MARKERS, Scene, Spot


def ask(client: Client, entry: Entry, spot: Spot, path: str | None = None) -> HttpResponseBase:
    """The answer; whatever the request wrote, and what signing out did, is taken back."""
    address = path or entry.path(spot)
    body = entry.body(spot) if entry.body else {}
    cookies = deepcopy(client.cookies)
    sent: dict[str, object] = {"headers": entry.headers(spot)}
    if entry.method != "GET":
        machine = address.startswith(MACHINE_PREFIXES)
        sent |= {"content_type": "application/json"} if machine else {}
        sent["data"] = json.dumps(body) if machine else body
    with transaction.atomic():
        response = getattr(client, entry.method.lower())(quoted(address), **sent)
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def quoted(address: str) -> str:
    return quote(address, safe="/?&=:,.*'()")


def body_of(response: HttpResponseBase) -> bytes:
    return b"".join(response) if response.streaming else response.content


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def answer_of(response: HttpResponseBase) -> Answer:
    return Answer(response.status_code, dict(response.headers.items()), body_of(response))


class Answers:
    """What GET answers over one scene, each address asked once as each account: one module compares
    the bytes and another the statuses of the same thousand answers."""

    def __init__(self, scene: Scene, clients: Mapping[str, Client]) -> None:
        self._scene = scene
        self._clients = clients
        self._known: dict[tuple[str, str], Answer] = {}

    def to(self, account: str, entry: Entry, address: str) -> Answer:
        key = (account, address)
        if key not in self._known:
            # What is asked about matters for a body or for headers only, and GET sends neither.
            self._known[key] = answer_of(
                ask(self._clients[account], entry, self._scene.inside, address)
            )
        return self._known[key]


def leaks(response: HttpResponseBase) -> list[str]:
    """Which of the planted personal data an answer contains, in its body or its headers."""
    return leaks_of(answer_of(response))


def leaks_of(answer: Answer) -> list[str]:
    text = answer.body + str(answer.headers).encode()
    forms = {
        name: (value, json.dumps(value)[1:-1], quote(value)) for name, value in MARKERS.items()
    }
    return [name for name, each in forms.items() if any(one.encode() in text for one in each)]
