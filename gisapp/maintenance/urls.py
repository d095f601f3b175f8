"""Addresses of upkeep. A comment names the guard of each group."""

from django.urls import path

from gisapp.maintenance import views

urlpatterns = [
    # Action.VIEW somewhere; rows by scope.
    path("maintenance/", views.work, name="maintenance"),
    path("maintenance/records/<uuid:uid>/photo", views.photo, name="upkeep-photo"),
    # Action.MAINTAIN in the feature's division.
    path("maintenance/<slug:layer>/<int:feature_id>/report", views.report, name="upkeep-report"),
    path("maintenance/records/<uuid:uid>/undo", views.undo, name="upkeep-undo"),
    path("maintenance/defects/<int:defect_id>/close", views.close_defect, name="defect-close"),
]
