"""The reader's packs, as the panel tells them."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from layers.access.policy import Actor
from layers.orders.course import orders_of
from tiles.models import Pack
from tiles.packs import jobs
from tiles.packs.sources import VECTORS

MOST = 20
STATES: dict[str, Promise] = {
    Pack.State.WAITING: _("Waits for its turn"),
    Pack.State.RUNNING: _("Being made"),
    Pack.State.DONE: _("Ready"),
    Pack.State.FAILED: _("Failed"),
    Pack.State.CANCELLED: _("Cancelled"),
}


@dataclass(frozen=True, slots=True)
class PackFile:
    """`vectors` tells the layers' file from the raster's."""

    url: str
    size: int
    vectors: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One pack. `percent` is None while it is being estimated."""

    pack: Pack
    state: Promise
    percent: int | None
    files: list[PackFile]
    obtainable: bool


def listed(user: Actor) -> dict[str, Any]:
    lines = [line_of(user, each) for each in orders_of(Pack, user)[:MOST]]
    return {"pack_lines": lines, "packs_active": any(line.pack.active for line in lines)}


def line_of(user: Actor, pack: Pack) -> Line:
    obtainable = pack.state == Pack.State.DONE and jobs.obtainable(user, pack)
    total = pack.progress.get("total")
    return Line(
        pack,
        STATES[pack.state],
        100 * pack.progress["done"] // total if total else None,
        [_file(pack, each) for each in pack.manifest["files"]] if obtainable else [],
        obtainable,
    )


def _file(pack: Pack, told: dict[str, Any]) -> PackFile:
    url = reverse("api:pack-file", args=[pack.uid, told["name"]])
    return PackFile(url, told["size"], told["name"] == VECTORS)
