"""Addresses of OGC API - Tiles, below /ogc/."""

from django.urls import path

from layers.ogc.answers import resource
from tiles.ogc import views

COLLECTION = "collections/<str:name>/tiles"

urlpatterns = [
    path("tileMatrixSets", resource(views.matrix_set_list), name="ogc-matrix-sets"),
    path(
        "tileMatrixSets/<str:matrix_set_name>",
        resource(views.matrix_set),
        name="ogc-matrix-set",
    ),
    path(COLLECTION, resource(views.tileset_list), name="ogc-tilesets"),
    path(f"{COLLECTION}/<str:matrix_set_name>", resource(views.tileset), name="ogc-tileset"),
    path(
        f"{COLLECTION}/<str:matrix_set_name>/<str:matrix>/<str:row>/<str:column>",
        resource(views.tile),
        name="ogc-tile",
    ),
]
