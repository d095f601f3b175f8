"""Addresses of the interface, below /ogc/."""

from django.urls import path

from layers.ogc import transactions, views
from layers.ogc.answers import resource
from layers.ogc.contributions import contributions

urlpatterns = [
    path("", resource(views.landing), name="ogc-landing"),
    path("conformance", resource(views.conformance), name="ogc-conformance"),
    path("api", resource(views.api), name="ogc-api"),
    path("collections", resource(views.collections), name="ogc-collections"),
    path("collections/<str:name>", resource(views.collection), name="ogc-collection"),
    path("collections/<str:name>/queryables", resource(views.queryables), name="ogc-queryables"),
    path("collections/<str:name>/sortables", resource(views.sortables), name="ogc-sortables"),
    path("collections/<str:name>/schema", resource(views.schema), name="ogc-schema"),
    path(
        "collections/<str:name>/items",
        resource(views.item_list, may_write=transactions.allowed, POST=transactions.create),
        name="ogc-items",
    ),
    path(
        "collections/<str:name>/items/<str:key>",
        resource(
            views.item,
            may_write=transactions.allowed,
            PUT=transactions.replace,
            PATCH=transactions.update,
            DELETE=transactions.delete,
        ),
        name="ogc-item",
    ),
    *(pattern for each in contributions() for pattern in each.addresses()),
    path("<path:rest>", resource(views.nothing_here)),
]
