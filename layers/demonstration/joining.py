"""Which places the roads of a county join, in the order in which they hang on each other."""

from dataclasses import dataclass

import numpy as np

from layers.demonstration import network
from layers.demonstration.county import CountyPlan
from layers.demonstration.names import village_name
from layers.demonstration.streams import Stream
from layers.demonstration.territory import XY, pulled_inside, scattered
from layers.demonstration.territory import degrees as in_degrees

COUNTY, TOWNSHIP, VILLAGE, GROUP, INDUSTRY, RESOURCE, TOURISM = range(7)
"""Sorts of roads, the trunk first."""

JUNCTIONS = 60
SPECIAL_SHARE = 0.05


@dataclass
class Joined:
    """The places and edges of one county's network; a later edge hangs on earlier ones."""

    xy: list[XY]
    names: list[str]
    townships: list[int]
    villages: list[int]
    edges: list[tuple[int, int]]
    sorts: list[int]

    def add(self, xy: XY, name: str, township: int, village: int) -> int:
        self.xy.append(xy)
        self.names.append(name)
        self.townships.append(township)
        self.villages.append(village)
        return len(self.names) - 1

    def join(self, start: int, end: int, sort: int) -> None:
        self.edges.append((start, end))
        self.sorts.append(sort)


def joined_places(plan: CountyPlan, rng: Stream, count: int) -> Joined:
    """Townships, then villages by turns, then hamlets and special roads, while any are left."""
    joined = Joined([], [], [], [], [], [])
    nodes = _join_townships(plan, rng, joined)
    specials = round(count * SPECIAL_SHARE)
    nodes.update(_join_villages(plan, joined, nodes, count - specials - len(joined.edges)))
    _join_hamlets(plan, rng, joined, nodes, count - specials - len(joined.edges))
    _join_specials(plan, rng, joined, nodes, min(specials, count - len(joined.edges)))
    del joined.edges[count:], joined.sorts[count:]
    return joined


Nodes = dict[tuple[str, int], int]
"""The network's node of a township ("township", index) or village ("village", index)."""


def _join_townships(plan: CountyPlan, rng: Stream, joined: Joined) -> Nodes:
    territory, townships = plan.settlement.territory, plan.settlement.townships
    junctions = scattered(rng, territory, JUNCTIONS)
    xy = np.concatenate([townships.xy, junctions])
    distances = network.passable(territory, xy)
    tree = network.spanning(distances, len(townships), max(1, len(townships) // 5))
    found: Nodes = {}

    def node(index: int) -> int:
        if ("township", index) not in found:
            own = index < len(townships)
            name = str(townships.names[index]) if own else "路口"
            found["township", index] = joined.add(xy[index], name, index if own else -1, -1)
        return found["township", index]

    node(0)
    for start, end in tree.edges + tree.loops:
        joined.join(node(start), node(end), COUNTY)
    return found


def _join_villages(plan: CountyPlan, joined: Joined, nodes: Nodes, most: int) -> Nodes:
    """Every township's own tree; one village of each in turn, the near ones first."""
    territory, villages = plan.settlement.territory, plan.settlement.villages
    turns: list[tuple[int, int, int, int]] = []
    for township, seat in enumerate(plan.settlement.townships.xy):
        members = np.flatnonzero(villages.parent == township)
        if ("township", township) not in nodes or not len(members):
            continue
        distances = network.passable(territory, np.concatenate([seat[None], villages.xy[members]]))
        tree = network.spanning(distances, len(members) + 1, 0)
        for turn, (start, end) in enumerate(tree.edges):
            hung = int(members[start - 1]) if start else -1
            turns.append((turn, township, hung, int(members[end - 1])))
    found: Nodes = {}
    for _turn, township, hung, village in sorted(turns)[: max(0, most)]:
        start = found["village", hung] if hung >= 0 else nodes["township", township]
        name = village_name(str(villages.names[village]))
        found["village", village] = joined.add(villages.xy[village], name, township, village)
        joined.join(start, found["village", village], TOWNSHIP if hung < 0 else VILLAGE)
    return found


def _join_hamlets(plan: CountyPlan, rng: Stream, joined: Joined, nodes: Nodes, most: int) -> None:
    """Every village's hamlets in turn: the first of each village, then the second."""
    hamlets = plan.hamlets
    order = np.lexsort((hamlets.village, hamlets.number))
    for hamlet in order.tolist():
        if most <= 0:
            return
        start = nodes.get(("village", int(hamlets.village[hamlet])))
        if start is None:
            continue
        name = f"{joined.names[start]}{hamlets.number[hamlet]}组"
        end = joined.add(hamlets.xy[hamlet], name, joined.townships[start], joined.villages[start])
        joined.join(start, end, GROUP)
        most -= 1


def _join_specials(plan: CountyPlan, rng: Stream, joined: Joined, nodes: Nodes, most: int) -> None:
    """Roads from villages to fields, quarries and sights one or two kilometres away."""
    there = [node for (kind, _index), node in nodes.items() if kind == "village"]
    if not there or most <= 0:
        return
    starts = np.array(there)[rng.integers(0, len(there), most)]
    xy = np.array([joined.xy[start] for start in starts])
    bearing = rng.random(most) * 2 * np.pi
    reach = rng.uniform(600, 2400, most)
    offset = np.column_stack([np.cos(bearing) * reach, np.sin(bearing) * reach])
    ends = pulled_inside(plan.settlement.territory, xy + in_degrees(offset, xy[:, 1]), xy)
    sorts = rng.choice([INDUSTRY, RESOURCE, TOURISM], most, p=[0.6, 0.2, 0.2])
    names = {INDUSTRY: "产业基地", RESOURCE: "林场", TOURISM: "景点"}
    for start, end, sort in zip(starts.tolist(), ends, sorts.tolist(), strict=True):
        if (end == joined.xy[start]).all():
            continue
        place = f"{joined.names[start]}{names[sort]}"
        node = joined.add(end, place, joined.townships[start], joined.villages[start])
        joined.join(start, node, sort)
