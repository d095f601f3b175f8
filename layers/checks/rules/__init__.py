"""The rules, one file each."""

from django.utils.translation import gettext as _

from layers.checks.rules import (
    bad_value,
    dangling_end,
    invalid_geometry,
    missing_value,
    near_duplicate,
    outside_county,
    outside_hunan,
    overlapping_roads,
    road_length,
    similar_code,
)
from layers.checks.specification import Rule
from layers.errors import NotFound
from layers.registry.specification import Layer

RULES: dict[str, Rule] = {
    module.RULE.name: module.RULE
    for module in (
        missing_value,
        bad_value,
        invalid_geometry,
        outside_hunan,
        outside_county,
        similar_code,
        near_duplicate,
        dangling_end,
        overlapping_roads,
        road_length,
    )
}


def rules_for(layer: Layer) -> list[Rule]:
    return [rule for rule in RULES.values() if rule.applies(layer)]


def rule_named(name: str) -> Rule:
    """Raises NotFound and lists the rules there are."""
    if name not in RULES:
        raise NotFound(
            _("There is no rule “%(name)s”.") % {"name": name},
            remedy=_("The rules are: %(names)s") % {"names": ", ".join(RULES)},
        )
    return RULES[name]
