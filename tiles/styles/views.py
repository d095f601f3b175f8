"""Styles over HTTP."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from layers.access import policy
from tiles.direct.asking import asked_state
from tiles.styles.documents import style


@require_safe
def style_json(request: HttpRequest, name: str) -> JsonResponse:
    """A style whose sources are our TileJSON; `?at=` and `?plan=` go on into their addresses."""
    asked_state(request)
    body = style(request, name, policy.scope(request.user))
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Accept-Language, Authorization, Cookie"
    return response
