"""Where a plan may lie: the divisions a person edits, one choice from the prefecture down."""

from dataclasses import dataclass, field

from django.db.models import Q

from layers.access import policy
from layers.access.policy import Actor, division_prefix
from layers.access.roles import Action
from layers.models import Division

Level = Division.Level
FINER = {
    Level.PREFECTURE: Level.COUNTY,
    Level.COUNTY: Level.TOWNSHIP,
    Level.TOWNSHIP: Level.VILLAGE,
}


@dataclass(frozen=True, slots=True)
class Choices:
    """The divisions of one prefecture that can be chosen at first."""

    title: str
    divisions: list[Division] = field(default_factory=list)


def first_choices(user: Actor) -> list[Choices]:
    """Prefectures and counties inside the grants to edit, and the grants' own smaller places."""
    return choices_for(user, Action.EDIT)


def choices_for(user: Actor, action: Action) -> list[Choices]:
    """The same for another action."""
    scope = policy.scope(user, action)
    roots = Q(code__in=[each.ljust(12, "0") for each in scope.prefixes])
    wide = scope.q("code") & Q(level__in=[Level.PREFECTURE, Level.COUNTY])
    rows = Division.objects.filter(roots | wide, valid_to__isnull=True)
    found = list(rows.defer("boundary", "seat").order_by("code"))
    above = {f"{each.code[:4]}00000000" for each in found}
    titles = dict(Division.objects.filter(code__in=above).values_list("code", "name"))
    groups: dict[str, Choices] = {}
    for each in found:
        key = f"{each.code[:4]}00000000"
        groups.setdefault(key, Choices(titles.get(key, each.name))).divisions.append(each)
    return list(groups.values())


def finer_choices(user: Actor, within: str) -> list[Division]:
    """The divisions one level below that the person edits; none below a village."""
    parent = Division.objects.filter(pk=within).only("level").first()
    level = FINER.get(Level(parent.level)) if parent else None
    if level is None or level is Level.COUNTY:
        return []
    inside = policy.Scope.of([division_prefix(within)])
    scope = policy.narrowed(policy.scope(user, Action.EDIT), inside)
    rows = Division.objects.filter(scope.q("code"), level=level, valid_to__isnull=True)
    return list(rows.defer("boundary", "seat").order_by("code"))
