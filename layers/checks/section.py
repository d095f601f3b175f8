"""The “Checks” section of a feature's sheet: its open issues, for those who may edit it."""

from django.utils.translation import gettext_lazy as _

from layers.access import policy
from layers.access.policy import Actor
from layers.access.roles import Action
from layers.checks.rules import RULES
from layers.checks.running import check
from layers.checks.window import Window
from layers.models.feature import Feature
from layers.registry.specification import Layer
from layers.sheet import Section

POSITION = 20


def open_issues(user: Actor, layer: Layer, feature: Feature) -> Section | None:
    """Nothing where there is nothing to do."""
    if not policy.may(user, Action.EDIT, feature.division_id):
        return None
    window = Window(policy.scope(user), feature_ids=(feature.pk,))
    issues = [(RULES[issue.rule].title, issue) for issue in check(layer, window)]
    if not issues:
        return None
    context = {"layer": layer, "feature": feature, "issues": issues}
    return Section(_("Checks"), "layers/checks.html", context)
