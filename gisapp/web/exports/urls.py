"""Addresses of the page of exports. A comment names the guard of each group."""

from django.urls import path

from gisapp.web.exports import views

urlpatterns = [
    # Action.VIEW somewhere; what can be asked for is inside the reader's divisions.
    path("exports/", views.exports, name="exports"),
    path("exports/choices", views.choices, name="export-choices"),
    path("exports/places", views.place_choices, name="export-places"),
    path("exports/list", views.export_list, name="export-list"),
    # The export's owner.
    path("exports/<uuid:uid>/cancel", views.cancel, name="export-cancel"),
    path("exports/<uuid:uid>/remove", views.remove, name="export-remove"),
]
