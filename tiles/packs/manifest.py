"""What a pack says of itself: in the metadata of its files, and at the API.

A file cannot hold its own digest: `files`, with size and SHA-256, is in the API's copy only.
"""

import tomllib
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from layers.models.raster import Raster
from layers.reference import BOUNDARY_CREDIT
from tiles.packs.estimate import Estimate
from tiles.packs.versions import LayerVersion, raster_version
from tiles.packs.wish import Wish
from tiles.tilejson import title_of

FORMAT = "xiangcun-pack/1"


@cache
def service_version() -> str:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def manifest(
    wish: Wish,
    estimate: Estimate,
    versions: list[LayerVersion],
    raster: Raster | None,
    data_at: datetime,
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "service_version": service_version(),
        "data_at": data_at.isoformat(timespec="seconds"),
        "area": {
            "kind": wish.area.kind.value,
            "code": wish.area.code,
            "name": wish.area.name,
            "bounds": [round(each, 7) for each in wish.area.bounds],
        },
        "min_zoom": 0,
        "max_zoom": estimate.max_zoom,
        "asked_max_zoom": estimate.asked_max_zoom,
        "budget": wish.budget,
        "layers": [{**each.as_json(), "title": title_of(each.name)} for each in versions],
        "raster": raster_version(raster) if raster else None,
        "datum": {
            "tiles": "EPSG:3857",
            "source": "EPSG:4490",
            "note": _(
                "CGCS2000, drawn in Web Mercator; not GCJ-02 or BD-09: over a map of those it lies"
                " some hundred metres off."
            ),
        },
        "attribution": BOUNDARY_CREDIT,
        "profile": _("Internal: exact places, not for publication."),
    }
