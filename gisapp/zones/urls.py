"""Addresses of zones."""

from django.urls import path

from gisapp.zones import views

urlpatterns = [
    # Everyone: zones and their counties; counts inside the reader's grants.
    path("zones/", views.zone_list, name="zones"),
    path("zones/<slug:code>", views.zone_page, name="zone"),
    # Action.VIEW inside the zone.
    path("zones/<slug:code>/map.html", views.zone_file, name="zone-file"),
]
