"""The JSON API of offline packs."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from layers.access import policy
from layers.access.policy import signed_in
from layers.access.roles import Action
from layers.divisions import HUNAN_BOUNDS, Bounds
from layers.downloads import download
from layers.errors import Rejected
from layers.orders.course import orders_of
from tiles.models import Pack
from tiles.packs import files, jobs
from tiles.packs.area import Area, named_area
from tiles.packs.comparison import Known, compared
from tiles.packs.preview import preview
from tiles.packs.shapes import drawn_shape
from tiles.packs.wish import BUDGET, EVERY_LAYER, MAX_ZOOM, Wish

router = Router(tags=["packs"])
Text = Annotated[str, Field(pattern="^[^\x00]*$")]
"""The database knows no NUL."""
MOST_LISTED = 100


class PackBody(Schema):
    """Either `area`, a division's code or name or a zone's code, or `shape`, a GeoJSON polygon.

    `budget` in bytes, of all files together."""

    area: Text = Field("", max_length=60)
    shape: dict[str, Any] | None = None
    name: Text = Field("", max_length=60)
    layers: list[str] = Field(default=list(EVERY_LAYER), max_length=50)
    raster: Text = Field("", max_length=50)
    max_zoom: int = MAX_ZOOM
    budget: int = BUDGET


class KnownLayer(Schema):
    """A layer of a manifest."""

    name: Text = Field(max_length=50)
    features: int
    digest: str = Field(max_length=16)


class KnownRaster(Schema):
    name: Text = Field(max_length=50)
    version: int


class KnownArea(Schema):
    bounds: tuple[float, float, float, float]


class ManifestBody(Schema):
    """A pack's manifest, or just these of its parts."""

    area: KnownArea
    layers: list[KnownLayer] = Field(max_length=50)
    raster: KnownRaster | None = None


@router.get("")
def list_packs(request: HttpRequest) -> list[dict[str, Any]]:
    """The caller's own packs, the latest first."""
    return [described(request, each) for each in orders_of(Pack, request.user)[:MOST_LISTED]]


@router.post("", response={202: dict[str, Any]})
def create_pack(request: HttpRequest, body: PackBody) -> Status[dict[str, Any]]:
    """Make a pack in the background; ask its `url` how far it is."""
    user = signed_in(request.user)
    return Status(202, described(request, jobs.begin_pack(actor=user, wish=_wish(request, body))))


@router.post("/estimate")
def estimate_pack(request: HttpRequest, body: PackBody) -> dict[str, Any]:
    """Tiles and bytes by zoom, the highest zoom that fits the budget, the area in m² and the
    features in it by layer; nothing is made."""
    user = signed_in(request.user)
    return preview(actor=user, wish=_wish(request, body)).as_json()


@router.post("/compare")
def compare_pack(request: HttpRequest, body: ManifestBody) -> dict[str, Any]:
    """What has changed since a pack was made, for the caller: whether it is worth making again."""
    scope = policy.require_somewhere(request.user, Action.VIEW)
    bounds = Bounds(*body.area.bounds)
    if not HUNAN_BOUNDS.contains(*bounds) or bounds.west > bounds.east:
        raise Rejected(_("The area is not in Hunan."))
    known = Known(
        bounds=bounds,
        layers={each.name: each.digest for each in body.layers},
        features={each.name: each.features for each in body.layers},
        raster=(body.raster.name, body.raster.version) if body.raster else None,
    )
    return compared(known, request.user, scope)


@router.get("/{uuid:uid}")
def read_pack(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    """How far it is; when it is done, its manifest."""
    return described(request, jobs.visible_pack(request.user, uid))


@router.get("/{uuid:uid}/files/{str:name}", url_name="pack-file")
def download_pack(request: HttpRequest, uid: UUID, name: str) -> HttpResponseBase:
    """One file; `Range` is understood. What the caller may see is asked once more."""
    pack, told, path = jobs.file_of(request.user, uid, name)
    return download(
        request,
        path,
        name=files.saved_name(pack, name),
        media_type=files.MEDIA_TYPE,
        etag=told["sha256"],
    )


@router.post("/{uuid:uid}/cancel")
def cancel_pack(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    return described(request, jobs.cancel(actor=request.user, uid=uid))


@router.delete("/{uuid:uid}", response={204: None})
def delete_pack(request: HttpRequest, uid: UUID) -> Status[None]:
    """Remove the files and the pack; one being made is cancelled and stays until it has stopped."""
    jobs.remove(actor=request.user, uid=uid)
    return Status(204, None)


def _wish(request: HttpRequest, body: PackBody) -> Wish:
    return Wish(_area(request, body), tuple(body.layers), body.raster, body.max_zoom, body.budget)


def _area(request: HttpRequest, body: PackBody) -> Area:
    if bool(body.area) == bool(body.shape):
        raise Rejected(_("Give either an area or a shape."))
    if body.shape:
        return Area.drawn(drawn_shape(body.shape), body.name)
    return named_area(body.area, request.user)


def described(request: HttpRequest, pack: Pack) -> dict[str, Any]:
    """What there is to know of a pack."""
    done = pack.state == Pack.State.DONE
    open_to_caller = done and jobs.obtainable(request.user, pack)
    names = [each["name"] for each in pack.manifest["files"]] if open_to_caller else []
    return {
        "uid": pack.uid,
        "url": reverse("api:read_pack", args=[pack.uid]),
        "area": {"kind": pack.area, "code": pack.code, "name": pack.name},
        "layers": pack.layers,
        "raster": pack.raster or None,
        "max_zoom": pack.max_zoom,
        "budget": pack.budget,
        "state": pack.state,
        "progress": pack.progress or None,
        "size": pack.size,
        "problem": pack.problem or None,
        "manifest": (pack.manifest or None) if open_to_caller else None,
        "files": {name: reverse("api:pack-file", args=[pack.uid, name]) for name in names},
        "created_at": pack.created_at,
        "finished_at": pack.finished_at,
        "expires_at": pack.expires_at,
    }
