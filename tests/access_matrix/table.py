"""Every route: which roles may, inside and outside their grants. The test demands what is missing.

Add a route with one line: `Entry("GET", "plans/{plan_id}", record())`. The words `everyone`,
`accounts`, `page`, `record` and `resource` say who gets which status (see expectation.py); whatever
differs from them is named. `queries` are further addresses whose bytes are compared.
"""

import uuid
from typing import Any

from django.utils import timezone

from layers.access.roles import Action
from layers.plates import plate_of
from layers.registry import LAYERS
from tests.access_matrix.editing import EDITING
from tests.access_matrix.expectation import (
    Entry,
    Expect,
    accounts,
    everyone,
    page,
    record,
    resource,
)
from tests.access_matrix.imports import IMPORTS
from tests.access_matrix.places import tile
from tests.access_matrix.rasters import ZOOM
from tests.access_matrix.scene import Scene, Spot
from tests.conftest import ATTRIBUTES, place

BOXES = ("?bbox=109,27,110,29", "?bbox=109.58,27.93,109.62,27.97")
OTHER_COUNTY = "?county=433123000000"
AS_A_PAGE = ("?f=html",)
FEATURE_QUERIES = (
    *AS_A_PAGE,
    *BOXES,
    "?limit=1",
    "?sortby=name",
    "?filter=S_INTERSECTS(geometry,BBOX(109,27,110,29))",
    "?filter=code IS NOT NULL",
    "?datetime=2999-01-01T00:00:00Z/..",
)


def water_plate(spot: Spot) -> str:
    return plate_of(LAYERS["water-works"], spot.water)


def new_edit(spot: Spot) -> dict[str, Any]:
    return {
        "uid": str(uuid.uuid4()),
        "layer": "water-works",
        "operation": "create",
        "geometry": place("water-works", *spot.at),
        "properties": ATTRIBUTES["water-works"],
    }


def new_feature(spot: Spot) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": place("toilets", *spot.at),
        "properties": ATTRIBUTES["toilets"],
    }


def new_report(_spot: Spot) -> dict[str, Any]:
    return {"uid": str(uuid.uuid4()), "done_on": str(timezone.localdate()), "severity": "minor"}


def new_visit(_spot: Spot) -> dict[str, Any]:
    return {
        "uid": str(uuid.uuid4()),
        "verdict": "as_recorded",
        "captured_at": timezone.now().isoformat(),
        "position_source": "none",
    }


def new_grant(spot: Spot) -> dict[str, Any]:
    return {"role": "planner", "place": f"division:{spot.division}"}


def new_account(spot: Spot) -> dict[str, Any]:
    return {"username": f"new-{uuid.uuid4().hex[:8]}", **new_grant(spot)}


def administered(ok: int) -> Expect:
    return record(Action.ADMINISTER, ok=ok, lacking=403)


def tiles(layer: str) -> Entry:
    """A tile at the place inside, and others: see `tiles_of`."""
    public = layer not in LAYERS
    numbers = {name: lambda spot, at=at: tile(14, *spot.at)[at] for at, name in enumerate("zxy")}
    return Entry(
        "GET",
        "tiles/{name}/{z}/{x}/{y}.mvt",
        everyone() if public else resource(outside=None, nobody=204, anonymous=204),
        fill={"name": lambda _spot: layer, **numbers},
        other=lambda scene: [] if public else tiles_of(layer, scene),
    )


DEGREES = "CGCS2000Quad"


def degree_tiles(layer: str) -> Entry:
    """The same in degrees, by the address of OGC API - Tiles; also as it was recorded."""
    public = layer not in LAYERS
    return Entry(
        "GET",
        "ogc/collections/{name}/tiles/{matrix_set_name}/{matrix}/{row}/{column}",
        everyone() if public else resource(outside=None),
        fill={
            "name": lambda _spot: layer,
            "matrix_set_name": lambda _spot: DEGREES,
            "matrix": lambda _spot: 14,
            "row": lambda spot: int((90 - spot.at[1]) // (360 / 2**14)),
            "column": lambda spot: int((spot.at[0] + 180) // (360 / 2**14)),
        },
        queries=("?datetime=2999-01-01",),
        other=lambda _scene: (
            []
            if public
            else [
                f"/ogc/collections/{layer}/tiles/{DEGREES}/1/0/1",
                f"/ogc/collections/{layer}/tiles/WebMercatorQuad/0/0/0?datetime={timezone.localdate()}",
            ]
        ),
    )


def tiles_of(layer: str, scene: Scene) -> list[str]:
    """The whole world, the other place, and for one layer where the border runs through."""
    asked = [(0, 0, 0), tile(14, *scene.outside.at)]
    if layer == "water-works":
        asked += [tile(15, *place) for place in scene.border]
    paths = [f"/tiles/{layer}/{z}/{x}/{y}.mvt" for z, x, y in asked]
    return [*paths, f"{paths[0]}?at={timezone.localdate()}"]


def new_export(spot: Spot) -> dict[str, Any]:
    return {"layer": "toilets", "format": "csv", "datum": "EPSG:4490", "division": spot.division}


def new_pack(spot: Spot) -> dict[str, Any]:
    return {"area": spot.division, "max_zoom": 4, "layers": ["divisions"]}


def new_pack_form(spot: Spot) -> dict[str, Any]:
    return {**new_pack(spot), "budget": "10"}


RASTER = {
    "name": lambda spot: spot.raster,
    "suffix": lambda _spot: "png",
    **{name: lambda spot, at=at: tile(ZOOM, *spot.at)[at] for at, name in enumerate("zxy")},
}
RASTERS = (
    Entry("GET", "api/rasters", everyone()),
    Entry("GET", "rasters/{name}.json", resource(), fill=RASTER, queries=("?render=slope",)),
    Entry(
        "GET",
        "rasters/{name}/{z}/{x}/{y}.{suffix}",
        resource(),
        fill=RASTER,
        queries=("?render=terrain-rgb", "?nonsense=1"),
    ),
)

NOT_THERE = {"uid": lambda _spot: uuid.UUID(int=0)}
"""Nobody's export is anybody else's: whose it is is tested in tests/importers/exporting."""

PACKS = (
    Entry("POST", "exports/packs/new", record(ok=302, outside=403), body=new_pack_form),
    Entry("POST", "exports/packs/estimate", page(), body=new_pack_form),
    Entry("GET", "exports/packs/list", page()),
    Entry("GET", "exports/packs/drawn", page()),
    Entry("GET", "exports/packs/{uid}/card", accounts(404), fill=NOT_THERE),
    Entry("POST", "exports/packs/{uid}/cancel", accounts(404), fill=NOT_THERE),
    Entry("POST", "exports/packs/{uid}/remove", accounts(404), fill=NOT_THERE),
    Entry("GET", "api/packs", accounts(anonymous=401)),
    Entry(
        "POST",
        "api/packs",
        resource(ok=202, outside=403, nobody=403, anonymous=401),
        body=new_pack,
    ),
    Entry(
        "POST",
        "api/packs/estimate",
        resource(outside=403, nobody=403, anonymous=401),
        body=new_pack,
    ),
    Entry(
        "POST",
        "api/packs/compare",
        page(anonymous=401),
        body=lambda _spot: {"area": {"bounds": [109, 28, 110, 29]}, "layers": []},
    ),
    Entry("GET", "api/packs/{uid}", accounts(404, anonymous=401), fill=NOT_THERE),
    Entry(
        "GET",
        "api/packs/{uid}/files/{name}",
        accounts(404, anonymous=401),
        fill={**NOT_THERE, "name": lambda _spot: "vectors.pmtiles"},
    ),
    Entry("POST", "api/packs/{uid}/cancel", accounts(404, anonymous=401), fill=NOT_THERE),
    Entry("DELETE", "api/packs/{uid}", accounts(404, anonymous=401), fill=NOT_THERE),
)

EXPORTS = (
    Entry("GET", "exports/", page()),
    Entry("POST", "exports/", record(ok=302, outside=403), body=new_export),
    Entry("GET", "exports/choices", page(), queries=("?layer=toilets",)),
    Entry("GET", "exports/places", page(), queries=("?place_search=凤凰", "?place_search=433123")),
    Entry("GET", "exports/list", page()),
    Entry("POST", "exports/{uid}/cancel", accounts(404), fill=NOT_THERE),
    Entry("POST", "exports/{uid}/remove", accounts(404), fill=NOT_THERE),
    Entry("GET", "api/exports", accounts(anonymous=401)),
    Entry(
        "POST",
        "api/exports",
        resource(ok=202, outside=403, nobody=403, anonymous=401),
        body=new_export,
    ),
    Entry("GET", "api/exports/{uid}", accounts(404, anonymous=401), fill=NOT_THERE),
    Entry("GET", "api/exports/{uid}/file", accounts(404, anonymous=401), fill=NOT_THERE),
    Entry("POST", "api/exports/{uid}/cancel", accounts(404, anonymous=401), fill=NOT_THERE),
    Entry("DELETE", "api/exports/{uid}", accounts(404, anonymous=401), fill=NOT_THERE),
    Entry("GET", "api/layers/{name}/template.xlsx", page(anonymous=401)),
)


TABLE: tuple[Entry, ...] = (
    # Operation.
    Entry("GET", "healthz", everyone()),
    Entry("GET", "readyz", everyone()),
    Entry("GET", "metrics", everyone()),
    # The map, and signing in.
    Entry("GET", "", everyone(302)),
    Entry("GET", "map/", everyone()),
    Entry("GET", "map/places.json", everyone()),
    Entry("GET", "map/{layer}/{feature_id}", everyone()),
    Entry("GET", "map/{name}/{feature_id}/sheet", resource()),
    Entry("GET", "login/", accounts(302, anonymous=200)),
    Entry("POST", "login/", accounts(302, anonymous=200)),
    Entry("POST", "logout/", everyone(302)),
    Entry("POST", "i18n/setlang/", everyone(302), body=lambda _spot: {"language": "en"}),
    Entry("GET", "i18n/catalog.js", everyone()),
    # One's own account.
    Entry("GET", "account/", accounts()),
    Entry("GET", "account/password/", accounts()),
    Entry("POST", "account/password/", accounts()),
    Entry("POST", "account/tokens", accounts(), body=lambda _spot: {"name": "QGIS", "days": 30}),
    # Nobody's token is anybody else's: that one's own are revoked is tested beside the page.
    Entry(
        "POST",
        "account/tokens/{token_id}/revoke",
        accounts(404),
        fill={"token_id": lambda _spot: 0},
    ),
    # Accounts and grants.
    Entry(
        "GET",
        "administration/",
        page(Action.ADMINISTER),
        queries=("?q=clerk", "?role=viewer", "?state=active", OTHER_COUNTY),
    ),
    Entry(
        "GET",
        "administration/places",
        page(Action.ADMINISTER),
        queries=("?place_search=凤凰", "?place_search=433123"),
    ),
    Entry("GET", "administration/unmaskings", page(Action.ADMINISTER)),
    Entry("GET", "administration/accounts/new", page(Action.ADMINISTER)),
    Entry(
        "POST",
        "administration/accounts/new",
        record(Action.ADMINISTER, outside=403),
        body=new_account,
    ),
    Entry("GET", "administration/accounts/{user_id}", administered(200)),
    Entry("POST", "administration/accounts/{user_id}/grant", administered(302), body=new_grant),
    Entry("POST", "administration/accounts/{user_id}/disable", administered(302)),
    Entry("POST", "administration/accounts/{user_id}/enable", administered(302)),
    Entry("POST", "administration/accounts/{user_id}/password", administered(200)),
    Entry("POST", "administration/grants/{grant_id}/revoke", administered(302)),
    # The API.
    Entry("GET", "api/", everyone(404)),
    Entry("GET", "api/docs", everyone()),
    Entry("GET", "api/openapi.json", everyone()),
    Entry("GET", "api/layers", everyone()),
    Entry("GET", "api/layers/{name}/counts", everyone(), queries=BOXES),
    Entry("GET", "api/layers/{name}/features/{feature_id}", resource()),
    Entry(
        "POST",
        "api/layers/{name}/features/{feature_id}/unmask",
        resource(Action.UNMASK),
        body=lambda _spot: {"reason": "核对户主"},
        unmasks=True,
    ),
    Entry(
        "POST",
        "api/edits",
        resource(Action.EDIT, outside=403, nobody=403, anonymous=401),
        body=new_edit,
    ),
    Entry(
        "POST",
        "api/edits/{uid}/undo",
        resource(Action.EDIT, anonymous=401),
        fill={"uid": lambda spot: spot.edit},
    ),
    Entry(
        "GET",
        "api/search",
        everyone(),
        queries=(
            "?q=山泉",
            "?q=户",
            "?q=凤凰",
            "?q=109.599,27.948",
            "?q=4331",
            "?q=滕标记",
        ),
        other=lambda scene: [
            f"/api/search?q={spot.plate}" for spot in (scene.inside, scene.outside)
        ],
    ),
    # The past.
    Entry("GET", "api/layers/{name}/features/{feature_id}/versions", resource()),
    Entry(
        "GET",
        "api/layers/{name}/features/{feature_id}/versions/{version}",
        resource(),
        fill={"version": lambda _spot: 1},
    ),
    Entry("GET", "api/layers/{name}/features/{feature_id}/difference", resource()),
    Entry("GET", "api/changes", page(anonymous=401), queries=("?limit=1",)),
    # What the checks find, also where features of one name stand on both sides of the border.
    Entry(
        "GET",
        "api/layers/{name}/issues",
        everyone(),
        other=lambda _scene: ["/api/layers/water-works/issues?limit=1000"],
    ),
    Entry(
        "POST",
        "api/layers/{name}/issues/{issue_id}/fix",
        accounts(404, anonymous=401),
        fill={"issue_id": lambda _spot: "no-such-issue"},
    ),
    Entry(
        "POST",
        "map/{name}/issues/{issue}/fix",
        accounts(404),
        fill={"issue": lambda _spot: "no-such-issue"},
    ),
    # Exports and templates.
    *PACKS,
    *EXPORTS,
    # Tiles.
    *(tiles(layer) for layer in (*LAYERS, "divisions", "zones")),
    Entry("GET", "tiles/{name}.json", everyone()),
    *RASTERS,
    Entry("GET", "styles/{name}.json", everyone(), fill={"name": lambda _spot: "map"}),
    # Plans, conflicts, history.
    *EDITING,
    *IMPORTS,
    # Projects.
    Entry("GET", "projects/", page(), queries=("?page=2", "?q=户厕", OTHER_COUNTY)),
    Entry("GET", "projects/{project_id}", record()),
    # Upkeep.
    Entry(
        "GET",
        "maintenance/",
        page(),
        queries=("?page=2", "?near=109.55,28.2", OTHER_COUNTY),
    ),
    Entry("GET", "maintenance/records/{uid}/photo", record()),
    Entry("GET", "maintenance/{layer}/{feature_id}/report", record(Action.MAINTAIN)),
    Entry(
        "POST",
        "maintenance/{layer}/{feature_id}/report",
        record(Action.MAINTAIN, ok=302),
        body=new_report,
    ),
    # Who may take back a report is its author alone: the others get as far as being told so.
    Entry("POST", "maintenance/records/{uid}/undo", record(Action.MAINTAIN, ok=422, lacking=403)),
    Entry(
        "POST",
        "maintenance/defects/{defect_id}/close",
        record(Action.MAINTAIN, ok=302, lacking=403),
    ),
    # Inspections.
    Entry("GET", "q/{code}", resource()),
    Entry("GET", "q/{code}", everyone(), fill={"code": water_plate}, public=True),
    Entry("GET", "q/{code}.svg", resource()),
    Entry("GET", "q/{code}/plate", record()),
    Entry("POST", "q/{code}/visit", record(Action.INSPECT, ok=302, lacking=403), body=new_visit),
    Entry("GET", "evidence/{photo_id}", record()),
    # Zones.
    Entry("GET", "zones/", everyone()),
    Entry(
        "GET",
        "zones/{code}",
        everyone(),
        fill={"code": lambda spot: spot.zone},
        queries=("?sort=work", "?layer=toilets"),
    ),
    Entry("GET", "zones/{code}/map.html", page(), fill={"code": lambda spot: spot.zone}),
    # The OGC interface.
    Entry("GET", "ogc/", everyone(), queries=AS_A_PAGE),
    Entry("GET", "ogc/conformance", everyone(), queries=AS_A_PAGE),
    Entry("GET", "ogc/api", everyone(), queries=AS_A_PAGE),
    Entry("GET", "ogc/collections", everyone(), queries=AS_A_PAGE),
    Entry("GET", "ogc/collections/{name}", resource(outside=None), queries=AS_A_PAGE),
    Entry("GET", "ogc/collections/{name}/queryables", resource(outside=None), queries=AS_A_PAGE),
    Entry("GET", "ogc/collections/{name}/sortables", resource(outside=None), queries=AS_A_PAGE),
    Entry("GET", "ogc/collections/{name}/schema", resource(outside=None), queries=AS_A_PAGE),
    *(
        Entry(
            "GET",
            "ogc/collections/{name}/items",
            everyone() if layer not in LAYERS else resource(outside=None),
            fill={"name": lambda _spot, layer=layer: layer},
            queries=FEATURE_QUERIES if layer in {"toilets", "roads"} else BOXES[:1],
        )
        for layer in (*LAYERS, "divisions", "zones")
    ),
    Entry(
        "GET",
        "ogc/collections/{name}/items/{key}",
        resource(),
        fill={"key": lambda spot: spot.toilet},
        queries=AS_A_PAGE,
    ),
    Entry(
        "POST",
        "ogc/collections/{name}/items",
        resource(Action.EDIT, ok=201, outside=403, anonymous=401),
        body=new_feature,
    ),
    *(
        Entry(
            method,
            "ogc/collections/{name}/items/{key}",
            resource(Action.EDIT, ok=204 if method == "DELETE" else 200, anonymous=401),
            fill={"key": lambda spot: spot.toilet},
            body=new_feature,
            headers=lambda _spot: {"If-Match": "*"},
        )
        for method in ("PUT", "PATCH", "DELETE")
    ),
    Entry("GET", "ogc/tileMatrixSets", everyone(), queries=AS_A_PAGE),
    Entry(
        "GET",
        "ogc/tileMatrixSets/{matrix_set_name}",
        everyone(),
        fill={"matrix_set_name": lambda _spot: DEGREES},
        queries=AS_A_PAGE,
    ),
    Entry("GET", "ogc/collections/{name}/tiles", resource(outside=None), queries=AS_A_PAGE),
    Entry(
        "GET",
        "ogc/collections/{name}/tiles/{matrix_set_name}",
        resource(outside=None),
        fill={"matrix_set_name": lambda _spot: DEGREES},
        queries=AS_A_PAGE,
    ),
    *(degree_tiles(layer) for layer in (*LAYERS, "divisions", "zones")),
    Entry("GET", "ogc/{rest}", everyone(404), fill={"rest": lambda _spot: "nowhere"}),
)
