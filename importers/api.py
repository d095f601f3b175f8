"""Uploading deliveries in pieces, over JSON and raw bytes.

Begin with names and sizes; send each file in pieces of at most 8 MB in their order; complete. After
a lost connection ask for the state: it tells how many bytes of each file have arrived.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.responses import Response
from pydantic import ConfigDict, Field

from importers.deliveries import limits, receiving
from importers.deliveries.access import visible_one
from importers.deliveries.receiving import Announced
from importers.models import Delivery
from layers.access.policy import signed_in
from layers.errors import BadRequest, TooLarge

router = Router(tags=["imports"])


class FileBody(Schema):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=400)
    size: int = Field(ge=0, le=2**53)


class DeliveryBody(Schema):
    """The layer's name, the 12-digit code of the division that the files are about, and what is to
    come."""

    model_config = ConfigDict(extra="forbid")

    layer: str = Field(max_length=40)
    division: str = Field(pattern=r"^[0-9]{12}$")
    note: str = Field("", max_length=300)
    files: list[FileBody] = Field(min_length=1, max_length=limits.MOST_FILES)


@router.post("/imports")
def begin(request: HttpRequest, body: DeliveryBody) -> Response:
    """A new delivery that waits for its files."""
    delivery = receiving.begin(
        actor=signed_in(request.user),
        layer=body.layer,
        division=body.division,
        note=_clean(body.note),
        files=[Announced(_clean(each.name), each.size) for each in body.files],
    )
    return Response(described(delivery), status=201)


@router.get("/imports/{uuid:uid}")
def state(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    """Where a delivery stands, and how much of each file has arrived."""
    return described(visible_one(request.user, uid))


@router.put("/imports/{uuid:uid}/files/{int:number}")
def receive(request: HttpRequest, uid: UUID, number: int, offset: int = 0) -> dict[str, Any]:
    """One piece of a file as raw bytes, from `offset` on. 409 tells the right offset."""
    actor = signed_in(request.user)
    announced = request.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > limits.CHUNK_BYTES:
        most = limits.CHUNK_BYTES // receiving.MEGABYTE
        raise TooLarge(
            _("A piece may have %(most)d MB at most.") % {"most": most},
            remedy=_("Send it in several parts."),
        )
    file = receiving.receive(actor=actor, uid=uid, number=number, offset=offset, chunk=request.body)
    return {"number": file.number, "offset": file.received, "complete": file.complete}


@router.post("/imports/{uuid:uid}/complete")
def complete(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    """Everything has arrived: it is read now. 409 names what is missing."""
    return described(receiving.complete(actor=signed_in(request.user), uid=uid))


def described(delivery: Delivery) -> dict[str, Any]:
    return {
        "uid": str(delivery.uid),
        "name": delivery.name,
        "layer": delivery.layer,
        "division": delivery.division_id,
        "note": delivery.note,
        "state": delivery.state,
        "size": delivery.size,
        "sha256": delivery.sha256,
        "created_at": delivery.created_at.isoformat(),
        "purge_on": delivery.purge_on.isoformat(),
        "purged": not delivery.has_files,
        "piece": limits.CHUNK_BYTES,
        "files": [
            {"number": each.number, "name": each.name, "size": each.size, "offset": each.received}
            for each in delivery.files.all()
        ],
    }


def _clean(text: str) -> str:
    if "\x00" in text:
        raise BadRequest(_("The text holds a null byte."))
    return text.strip()
