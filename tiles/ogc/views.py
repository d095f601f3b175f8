"""The addresses of OGC API - Tiles. A tile's is matrix, row, column: the row comes first."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from layers.access import policy
from layers.errors import NotFound
from layers.ogc.answers import document
from layers.ogc.collections import Collection, collection_named
from layers.ogc.failures import BadParameter, NotAcceptable
from layers.ogc.links import Addresses
from layers.ogc.parameters import FORMAT, known_only
from tiles.coordinates import Tile
from tiles.direct.serving import serve as serve_rows
from tiles.direct.squares import square_of
from tiles.direct.states import Present
from tiles.matrices.catalogue import WEB_MERCATOR_QUAD, matrix_set_named
from tiles.ogc import documents
from tiles.ogc.asking import asked_state
from tiles.ogc.extent import require_within
from tiles.ogc.links import MVT
from tiles.serving import Served, serve, tags_in
from tiles.views import tile_response

LONGEST_NUMBER = 9
VARIES = ("Accept", "Authorization")


def matrix_set_list(request: HttpRequest) -> HttpResponse:
    known_only(request, ())
    return document(request, documents.matrix_sets(Addresses.of(request)), "ogc/matrix_sets.html")


def matrix_set(request: HttpRequest, matrix_set_name: str) -> HttpResponse:
    found = matrix_set_named(matrix_set_name)
    known_only(request, ())
    body = documents.matrix_set(Addresses.of(request), found)
    return document(request, body, "ogc/matrix_set.html")


def tileset_list(request: HttpRequest, name: str) -> HttpResponse:
    found = _collection(request, name)
    known_only(request, ())
    body = documents.tilesets(Addresses.of(request), found)
    return document(request, body, "ogc/tilesets.html", {"collection": found})


def tileset(request: HttpRequest, name: str, matrix_set_name: str) -> HttpResponse:
    found = _collection(request, name)
    matrices = matrix_set_named(matrix_set_name)
    known_only(request, ())
    body = documents.tileset(Addresses.of(request), found, matrices)
    return document(request, body, "ogc/tileset.html", {"collection": found})


def tile(
    request: HttpRequest, name: str, matrix_set_name: str, matrix: str, row: str, column: str
) -> HttpResponse:
    """One tile: 204 where there is nothing, 404 where there is no such (/req/core/tc-error)."""
    found = _collection(request, name)
    _require_mvt(request)
    served = _served(
        request, found, matrix_set_name, (_number(matrix), _number(column), _number(row))
    )
    response = tile_response(request, *served)
    patch_vary_headers(response, VARIES)
    return response


def _collection(request: HttpRequest, name: str) -> Collection:
    return collection_named(name, policy.scope(request.user))


def _served(
    request: HttpRequest, found: Collection, matrix_set_name: str, at: tuple[int, int, int]
) -> Served:
    """What is live in Web Mercator comes from the pyramid, all else from its rows."""
    matrices = matrix_set_named(matrix_set_name)
    square = square_of(matrices, *at)
    require_within(matrices, *at)
    state = asked_state(request)
    known = tags_in(request.headers.get("If-None-Match", ""))
    if matrices is WEB_MERCATOR_QUAD and isinstance(state, Present):
        return serve(found.name, Tile(*at), request.user, known)
    return serve_rows(found.name, square, state, request.user, known)


def _require_mvt(request: HttpRequest) -> None:
    asked = request.GET.get(FORMAT)
    if asked not in {None, "mvt"}:
        raise BadParameter(
            FORMAT,
            _("This format is not offered."),
            remedy=_("The formats are: %(names)s") % {"names": "mvt"},
        )
    if asked is None and not request.accepts(MVT):
        raise NotAcceptable(
            _("The Accept header allows nothing that is offered."),
            remedy=_("The formats are: %(names)s") % {"names": MVT},
        )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > LONGEST_NUMBER:
        raise NotFound(_("There is no such tile: matrix, row and column are whole numbers."))
    return int(text)
