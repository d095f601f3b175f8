"""Addresses of tiles. Each answers by the reader's scope."""

from django.urls import path

from tiles import tilejson, views
from tiles.styles.views import style_json

urlpatterns = [
    path("tiles/<slug:name>/<int:z>/<int:x>/<int:y>.mvt", views.vector_tile, name="vector-tile"),
    path("tiles/<slug:name>.json", tilejson.tile_json, name="tile-json"),
    path("styles/<slug:name>.json", style_json, name="style"),
]
