"""Addresses of tiles. Each answers by the reader's scope."""

from django.urls import path, register_converter

from tiles import views
from tiles.rasters import views as raster_views
from tiles.rasters.encoding import FORMATS


class PictureSuffix:
    """The formats in which a raster tile can be had; another suffix is no address of ours."""

    regex = "|".join(FORMATS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PictureSuffix, "picture")

urlpatterns = [
    path("tiles/<slug:name>/<int:z>/<int:x>/<int:y>.mvt", views.vector_tile, name="vector-tile"),
    path("tiles/<slug:name>.json", views.tile_json, name="tile-json"),
    path(
        "rasters/<slug:name>/<int:z>/<int:x>/<int:y>.<picture:suffix>",
        raster_views.raster_tile,
        name="raster-tile",
    ),
    path("rasters/<slug:name>.json", raster_views.raster_json, name="raster-json"),
]
