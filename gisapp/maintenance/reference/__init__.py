"""The shipped upkeep rules (domain.md §6): defaults that a bureau revises."""

import json
from pathlib import Path

from django.db import transaction

from gisapp.maintenance import conditions
from gisapp.maintenance.models import UpkeepRule
from layers.reference.loading import rows_in
from layers.registry import layer_named

RULES = Path(__file__).parent / "upkeep_rules.csv"


@transaction.atomic
def load_rules() -> int:
    """Add the rules that are missing; one that is there is the bureau's own, whatever it says."""
    known = set(UpkeepRule.objects.values_list("code", flat=True))
    for row in rows_in(RULES):
        if row["code"] in known:
            continue
        condition = json.loads(row["condition"])
        conditions.check(layer_named(row["layer"]), condition)
        UpkeepRule.objects.create(**{**row, "condition": condition})
    return UpkeepRule.objects.count()
