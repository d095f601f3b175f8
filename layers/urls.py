"""Addresses of the ground floor. The policy inside decides what each reader sees."""

from django.urls import include, path

from layers import views
from layers.checks.views import fix

urlpatterns = [
    path("ogc/", include("layers.ogc.urls")),
    path("map/<slug:name>/<int:feature_id>/sheet", views.feature_sheet, name="feature-sheet"),
    path("map/<slug:name>/issues/<str:issue>/fix", fix, name="issue-fix"),
]
