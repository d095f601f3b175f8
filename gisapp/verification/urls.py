"""Addresses of inspections. A comment names the guard of each group."""

from django.urls import path

from gisapp.verification import views

urlpatterns = [
    # Everyone: what is disclosed; more inside one's grants.
    path("q/<str:code>.svg", views.qr_image, name="plate-qr"),
    path("q/<str:code>", views.scanned, name="scanned"),
    # Action.VIEW in the feature's division.
    path("q/<str:code>/plate", views.plate, name="plate"),
    path("evidence/<int:photo_id>", views.photo, name="visit-photo"),
    # Action.INSPECT in the feature's division.
    path("q/<str:code>/visit", views.visit, name="visit"),
]
