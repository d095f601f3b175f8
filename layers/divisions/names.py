"""Names of many divisions at once, for lists."""

from collections.abc import Iterable

from django.db.models import Q

from layers.access.policy import Scope
from layers.divisions.location import LEVEL_CUTS
from layers.models.division import Division

COUNTY_DIGITS = 6


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """From the county down, `{"433124110226": "花垣县 双龙镇 十八洞村"}`, in one query.

    A code above the counties gets its own name; an unknown one is its own name.
    """
    wanted = set(codes)
    chains = {code: _chain(code) for code in wanted}
    every = {each for chain in chains.values() for each in chain}
    names = dict(Division.objects.filter(code__in=every).values_list("code", "name"))
    return {
        code: " ".join(names[each] for each in chain if each in names) or code
        for code, chain in chains.items()
    }


def _chain(code: str) -> list[str]:
    cuts = [cut for cut in LEVEL_CUTS if cut >= COUNTY_DIGITS]
    chain = dict.fromkeys(code[:cut].ljust(12, "0") for cut in cuts)
    return [code] if code[4:].strip("0") == "" else list(chain)


def counties_touched(scope: Scope) -> list[Division]:
    """The counties inside a scope, and those of which it has a part; without their boundaries."""
    parts = [
        prefix[:COUNTY_DIGITS].ljust(12, "0")
        for prefix in scope.prefixes
        if len(prefix) > COUNTY_DIGITS
    ]
    rows = Division.objects.filter(level=Division.Level.COUNTY).defer("boundary").order_by("code")
    return list(rows if scope.everything else rows.filter(scope.q("code") | Q(code__in=parts)))
