"""Addresses of the pages of imports. A comment names the guard of each group."""

from django.urls import path

from gisapp.web.imports import actions, pages

urlpatterns = [
    # Action.IMPORT somewhere; what is listed is the reader's own or in their divisions.
    path("imports/", pages.delivery_list, name="imports"),
    # The delivery's owner, and who may import in its division.
    path("imports/<uuid:uid>/", pages.delivery_page, name="import"),
    path("imports/<uuid:uid>/progress", pages.progress, name="import-progress"),
    path("imports/<uuid:uid>/places", pages.places, name="import-places"),
    path("imports/<uuid:uid>/corrections", actions.correct, name="import-correct"),
    path("imports/<uuid:uid>/reset", actions.reset, name="import-reset"),
    path("imports/<uuid:uid>/read", actions.read_again, name="import-read"),
    path("imports/<uuid:uid>/profile", actions.remember, name="import-remember"),
    path("imports/<uuid:uid>/discard", actions.discard, name="import-discard"),
    path("imports/<uuid:uid>/runs", actions.start, name="import-start"),
    path("imports/<uuid:uid>/runs/<uuid:run>/cancel", actions.cancel, name="import-cancel"),
    path("imports/<uuid:uid>/runs/<uuid:run>/undo", actions.undo, name="import-undo"),
    # Who sent the file or ran it: the rows are theirs to correct.
    path("imports/<uuid:uid>/runs/<uuid:run>/rejects.xlsx", pages.rejects, name="import-rejects"),
]
