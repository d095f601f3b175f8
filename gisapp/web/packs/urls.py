"""Addresses of the panel of offline packs. A comment names the guard of each group."""

from django.urls import path

from gisapp.web.packs import views

urlpatterns = [
    # Action.VIEW somewhere; what can be packed is inside the reader's divisions.
    path("exports/packs/new", views.new_pack, name="pack-new"),
    path("exports/packs/estimate", views.estimate_pack, name="pack-estimate"),
    path("exports/packs/list", views.pack_list, name="pack-list"),
    path("exports/packs/drawn", views.drawn_form, name="pack-drawn"),
    # The pack's owner, and who administers its place.
    path("exports/packs/<uuid:uid>/card", views.card, name="pack-card"),
    path("exports/packs/<uuid:uid>/cancel", views.cancel, name="pack-cancel"),
    path("exports/packs/<uuid:uid>/remove", views.remove, name="pack-remove"),
]
