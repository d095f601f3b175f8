"""Sending the table's requests, each undone again."""

import json
from copy import deepcopy
from urllib.parse import quote

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from gisapp.failures import MACHINE_PREFIXES
from tests.access_matrix.expectation import Entry
from tests.access_matrix.scene import MARKERS, Spot


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


def leaks(response: HttpResponseBase) -> list[str]:
    """Which of the planted personal data an answer contains, in its body or its headers."""
    text = body_of(response) + str(response.headers).encode()
    forms = {
        name: (value, json.dumps(value)[1:-1], quote(value)) for name, value in MARKERS.items()
    }
    return [name for name, each in forms.items() if any(one.encode() in text for one in each)]
