"""The divisions that a person may draw up a plan for."""

from dataclasses import dataclass

from layers.access import policy
from layers.access.policy import Actor
from layers.access.roles import Action
from layers.models import Division

# Down to the county: finer plans are drawn inside their county's.
LEVELS = (Division.Level.PROVINCE, Division.Level.PREFECTURE, Division.Level.COUNTY)


@dataclass(frozen=True, slots=True)
class PlanDivision:
    """`depth` is how far to indent it in a list: 0 for the widest that the person may edit."""

    code: str
    name: str
    depth: int


def plan_divisions(user: Actor) -> list[PlanDivision]:
    """In the order of their codes, which is that of the tree; none where nothing may be edited."""
    scope = policy.scope(user, Action.EDIT)
    if scope.empty:
        return []
    found = Division.objects.filter(scope.q("code"), level__in=LEVELS, valid_to__isnull=True)
    rows = list(found.order_by("code").values_list("code", "name", "level"))
    depths = {level: depth for depth, level in enumerate(LEVELS)}
    top = min((depths[Division.Level(level)] for _code, _name, level in rows), default=0)
    return [
        PlanDivision(code, name, depths[Division.Level(level)] - top) for code, name, level in rows
    ]
