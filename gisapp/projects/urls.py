"""Addresses of projects."""

from django.urls import path

from gisapp.projects import views

urlpatterns = [
    # Action.VIEW somewhere; rows by scope.
    path("projects/", views.project_list, name="projects"),
    path("projects/<int:project_id>", views.project_page, name="project"),
]
