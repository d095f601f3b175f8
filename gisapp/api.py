"""The service's own JSON API, assembled from the parts that have one; documented at /api/docs."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.security import APIKeyCookie

from gisapp.failures import failure_response
from importers.api import router as importers_router
from importers.exports_api import router as exports_router
from importers.exports_api import templates_router
from layers.api import router as layers_router
from layers.checks.api import router as checks_router
from layers.editing.api import router as editing_router
from layers.errors import BadRequest, Forbidden, Rejected, ServiceError, TooLarge
from layers.history.api import router as history_router
from layers.plans.api import router as plans_router
from tiles.packs.api import router as packs_router
from tiles.rasters.api import router as rasters_router


class Session(APIKeyCookie):
    """The browser's session, or nobody: the policy decides what nobody may see.

    Checks the CSRF token of every unsafe request, which ninja's views are otherwise exempt from.
    """

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return request.user


api = NinjaAPI(
    title="Xiangcun 湘村一张图",
    version="1",
    description="Layers, edits, upkeep and inspections. Errors are {code, message, remedy}.",
    docs_url="/docs",
    openapi_url="/openapi.json",
    urls_namespace="api",
    auth=Session(csrf=True),
)
api.add_router("", layers_router)
api.add_router("", checks_router)
api.add_router("", editing_router)
api.add_router("", history_router)
api.add_router("/plans", plans_router)
api.add_router("", importers_router)
api.add_router("", templates_router)
api.add_router("/exports", exports_router)
api.add_router("/packs", packs_router)
api.add_router("", rasters_router)


@api.exception_handler(ServiceError)
def service_error(request: HttpRequest, error: ServiceError) -> HttpResponse:
    return failure_response(request, error)


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja refuses by itself: a body that is not JSON, a missing CSRF token."""
    refusal = Forbidden if error.status_code == Forbidden.status else BadRequest
    return failure_response(request, refusal(error.message, remedy=_("See /api/docs.")))


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
    return failure_response(
        request,
        TooLarge(
            _("The request is larger than %(most)d MB.") % {"most": most},
            remedy=_("Send it in several parts."),
        ),
    )


@api.exception_handler(ValidationError)
def validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The request's own shape is wrong: name each place in it, repeat none of its values."""
    problems = [
        {"field": ".".join(str(part) for part in each["loc"]), "message": each["msg"]}
        for each in error.errors
    ]
    return failure_response(
        request,
        Rejected(
            _("The request does not have the expected form."),
            remedy=_("See /api/docs."),
            detail={"problems": problems},
        ),
    )
