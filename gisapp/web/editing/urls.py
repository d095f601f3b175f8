"""Addresses of the editing pages. A comment names the guard of each group."""

from django.urls import path

from gisapp.web.editing import conflicts, history, plans

urlpatterns = [
    # Action.VIEW somewhere; what is shown is inside the reader's divisions.
    path("plans/", plans.plan_list, name="plans"),
    path("plans/<int:number>/", plans.plan_page, name="plan"),
    path("plans/<int:number>/comment", plans.comment, name="plan-comment"),
    path(
        "map/<slug:layer>/<int:feature_id>/history", history.feature_history, name="feature-history"
    ),
    path("changesets/<int:number>/", history.changeset_page, name="changeset"),
    # Action.EDIT somewhere, and in the place that is named.
    path("plans/new", plans.new_plan, name="plan-new"),
    path("plans/divisions", plans.finer_divisions, name="plan-divisions"),
    path("map/<slug:layer>/<int:feature_id>/restore", history.restore, name="feature-restore"),
    path("map/<slug:layer>/<int:feature_id>/undo/<uuid:uid>", history.undo_edit, name="edit-undo"),
    path("changesets/<int:number>/undo", history.undo_changeset, name="changeset-undo"),
    # The plan's author.
    path("plans/<int:number>/submit", plans.act, {"action": "submit"}, name="plan-submit"),
    path("plans/<int:number>/withdraw", plans.act, {"action": "withdraw"}, name="plan-withdraw"),
    path("plans/<int:number>/edits/<uuid:uid>/remove", plans.remove_edit, name="plan-remove-edit"),
    # Action.REVIEW in the plan's division, and not its author.
    path("plans/<int:number>/approve", plans.act, {"action": "approve"}, name="plan-approve"),
    path("plans/<int:number>/return", plans.act, {"action": "return"}, name="plan-return"),
    # The author, or who may review there.
    path("plans/<int:number>/apply", plans.apply, name="plan-apply"),
    # Signed in; a conflict's author, and who edits or reviews in its division.
    path("conflicts/", conflicts.conflict_list, name="conflicts"),
    path("conflicts/<uuid:uid>/", conflicts.conflict_page, name="conflict"),
    path("conflicts/<uuid:uid>/dismiss", conflicts.dismiss, name="conflict-dismiss"),
    # Action.EDIT in the conflict's division.
    path("conflicts/<uuid:uid>/decide", conflicts.decide, name="conflict-decide"),
    # Action.REVIEW in the held edit's division, and not its author.
    path("conflicts/<uuid:uid>/admit", conflicts.admit, name="conflict-admit"),
]
