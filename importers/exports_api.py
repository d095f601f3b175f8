"""The JSON API of exports, and the templates of the layers."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header
from ninja import Router, Schema, Status
from pydantic import Field

from importers.exporting import jobs
from importers.exporting.columns import text_of
from importers.exporting.wish import Wish
from importers.models.export import Export
from importers.phrases import Phrase
from importers.workbook_template import template
from importers.writers.catalogue import FORMATS, format_named
from layers.access import policy
from layers.access.policy import signed_in
from layers.access.roles import Action
from layers.downloads import download
from layers.orders.course import orders_of
from layers.registry import layer_named

router = Router(tags=["exports"])
templates_router = Router(tags=["exports"])
Language = Literal["zh", "en"]
MOST_LISTED = 100


class ExportBody(Schema):
    """`division` "" is all that the caller may see; `fields` null is every field."""

    layer: str
    format: str
    datum: str = "EPSG:4490"
    language: Language = "zh"
    division: str = Field("", max_length=12)
    fields: list[str] | None = None
    personal: bool = False
    reason: str = Field("", max_length=200)
    provenance: bool = False


@router.get("")
def list_exports(request: HttpRequest) -> list[dict[str, Any]]:
    """The caller's own exports, the latest first."""
    return [described(request, each) for each in orders_of(Export, request.user)[:MOST_LISTED]]


@router.post("", response={202: dict[str, Any]})
def create_export(request: HttpRequest, body: ExportBody) -> Status[dict[str, Any]]:
    """Start an export in the background; ask its `url` how far it is."""
    more = body.dict(exclude={"layer", "format"})
    wish = Wish(layer=layer_named(body.layer), format=format_named(body.format), **more)
    export = jobs.begin_export(actor=signed_in(request.user), wish=wish)
    return Status(202, described(request, export))


@router.get("/{uuid:uid}")
def read_export(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    return described(request, jobs.own_export(request.user, uid))


@router.get("/{uuid:uid}/file", url_name="export-file")
def download_export(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The file; `Range` is understood. What the caller may see is asked once more."""
    export, path = jobs.file_of(request.user, uid)
    return download(
        request,
        path,
        name=export.file_name,
        media_type=FORMATS[export.format].media_type,
        etag=f"{export.uid.hex}-{export.size}",
    )


@router.post("/{uuid:uid}/cancel")
def cancel_export(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    return described(request, jobs.cancel(actor=request.user, uid=uid))


@router.delete("/{uuid:uid}", response={204: None})
def delete_export(request: HttpRequest, uid: UUID) -> Status[None]:
    """Remove the file and the export; one that runs is cancelled and stays until it has stopped."""
    jobs.remove(actor=request.user, uid=uid)
    return Status(204, None)


@templates_router.get("/layers/{name}/template.xlsx", url_name="layer-template")
def layer_template(request: HttpRequest, name: str, language: Language = "zh") -> HttpResponse:
    """An empty workbook to fill in: headers, lists to choose from, explanations."""
    layer = layer_named(name)
    policy.require_somewhere(request.user, Action.VIEW)
    media_type = FORMATS["xlsx"].media_type
    response = HttpResponse(template(layer, language), content_type=media_type)
    file_name = (
        f"{text_of(layer.title, language)}{'_模板' if language == 'zh' else '_template'}.xlsx"
    )
    response["Content-Disposition"] = content_disposition_header(True, file_name) or "attachment"
    return response


def described(request: HttpRequest, export: Export) -> dict[str, Any]:
    """What there is to know of an export; the notes in the caller's language."""
    done = export.state == Export.State.DONE
    return {
        "uid": export.uid,
        "url": reverse("api:read_export", args=[export.uid]),
        "layer": export.layer,
        "format": export.format,
        "datum": export.datum,
        "language": export.language,
        "division": export.division,
        "fields": export.fields,
        "personal": export.personal,
        "state": export.state,
        "rows": export.rows,
        "total": export.total,
        "unmasked": export.unmasked,
        "size": export.size,
        "problem": export.problem or None,
        "notes": [str(Phrase(each["zh"], each["en"])) for each in export.notes],
        "created_at": export.created_at,
        "finished_at": export.finished_at,
        "expires_at": export.expires_at,
        "file": reverse("api:export-file", args=[export.uid])
        if done and jobs.obtainable(request.user, export)
        else None,
    }
