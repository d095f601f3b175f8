"""Divisions by code or by name: an index in memory of all that there are and were.

A name is found by any of its usual forms: 双龙镇, 双龙; 十八洞村, 十八洞村委会, 十八洞; a path of
names is walked down the tree (花垣县双龙镇十八洞村, levels may be left out). What fits better wins:
the name as it is before one with another suffix (双龙乡), that before one without. Two that fit
equally well are an ambiguity, and never decided here.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from importers.matching.names import plain
from layers.divisions.location import LEVEL_CUTS
from layers.models.division import Division

LEVELS = tuple(Division.Level)
"""From the province down; LEVEL_CUTS are their digits."""
AS_IS, OTHER_SUFFIX, NO_SUFFIX = 0, 1, 2
SHORTEST_STEM = 2
LONGEST_PATH_NAME = 24
_SAME_SUFFIX = (
    ("村", "村委会", "村民委员会", "村委", "村民委"),
    ("社区", "居委会", "社区居委会", "居民委员会", "社区居民委员会", "社区居委"),
    ("街道", "街道办事处", "街道办"),
    ("州", "自治州", "土家族苗族自治州"),
)
"""Written either way; any other change of suffix is a change of what it is (双龙乡 and 双龙镇)."""
_SUFFIXES: dict[str, tuple[str, ...]] = {
    "village": (*_SAME_SUFFIX[0], *_SAME_SUFFIX[1]),
    "township": ("镇", "乡", "民族乡", "管理区", "办事处", *_SAME_SUFFIX[2]),
    "county": ("县", "区", "市", "自治县"),
    "prefecture": ("市", "地区", *_SAME_SUFFIX[3]),
    "province": ("省",),
}
_PEOPLES = r"(?:苗|侗|瑶|土家|回|维吾尔|壮|白|畲|蒙古|满)族"
_ENDINGS = {
    level: re.compile(
        f"(?:(?:{_PEOPLES})*(?:{'|'.join(sorted(suffixes, key=len, reverse=True))}))$"
    )
    for level, suffixes in _SUFFIXES.items()
}
_BY_LAST_CHARACTER: dict[str, list[str]] = defaultdict(list)
for _suffix in sorted({suffix for each in _SUFFIXES.values() for suffix in each}):
    _BY_LAST_CHARACTER[_suffix[-1]].append(_suffix)
_GROUP = re.compile(r"第?[0-9一二三四五六七八九十]{1,3}(?:村民小组|组|小组|队|社)$")
_SEPARATORS = re.compile(r"[\s/\\>,，、;；|·\-—_]+")
FINGERPRINT = (
    "SELECT count(*), sum(hashtextextended(concat_ws('|', code, name, level, valid_from, valid_to,"
    " successor_id), 0)) FROM layers_division"
)
"""Some 30 ms over 31,692 rows: tells whether the index is still what the table says."""


class Entry(NamedTuple):
    code: str
    name: str
    level: str
    successor: str | None
    """Set for one that is no longer valid; "" if nothing followed it."""

    @property
    def prefix(self) -> str:
        return self.code[: LEVEL_CUTS[LEVELS.index(Division.Level(self.level))]]


class Match(NamedTuple):
    code: str
    cost: int


class DivisionIndex:
    """Build it with `division_index()`, which shares one as long as the table stays the same."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = {entry.code: entry for entry in entries}
        self._names: dict[str, list[str]] = defaultdict(list)
        self._stems: dict[str, list[str]] = defaultdict(list)
        for entry in entries:
            name = plain(entry.name)
            self._names[name].append(entry.code)
            stem = _ENDINGS[entry.level].sub("", name)
            if stem and stem != name:
                self._stems[stem].append(entry.code)

    def current(self, code: str) -> str | None:
        """The code itself, or what followed it; None if unknown, or nothing followed."""
        for _step in range(len(LEVELS)):
            entry = self.entries.get(code)
            if entry is None or entry.successor is None:
                break
            code = entry.successor
        entry = self.entries.get(code)
        return code if entry is not None and entry.successor is None else None

    def find(
        self, parts: Sequence[str], *, within: str = "", levels: Sequence[str] = ()
    ) -> list[str]:
        """The codes that names from the top down can mean, inside `within`; best fits only.

        `levels` says of each part which level its column has, where that is known.
        """
        found: dict[str, int] = {}
        for match in self._walk(list(parts), list(levels), Match(within, 0)):
            code = self.current(match.code)
            if code:
                found[code] = min(match.cost, found.get(code, match.cost))
        least = min(found.values(), default=0)
        return sorted(code for code, cost in found.items() if cost == least)

    def find_text(self, text: str, *, within: str = "") -> list[str]:
        """As find, for one cell: 湖南省/湘西州/花垣县, 花垣县双龙镇十八洞村3组."""
        parts = [part for part in _SEPARATORS.split(_without_group(text)) if part]
        return self.find(parts, within=within) or self.find(["".join(parts)], within=within)

    def path(self, code: str) -> str:
        """From the county down: 花垣县 双龙镇 十八洞村."""
        cuts = [cut for cut in LEVEL_CUTS if cut >= len("433124")]
        chain = dict.fromkeys([*(code[:cut].ljust(12, "0") for cut in cuts), code])
        return " ".join(self.entries[each].name for each in chain if each in self.entries) or code

    def similar(self, text: str, *, within: str = "", most: int = 5) -> list[str]:
        """Codes of divisions below `within` whose names are nearly the text's last name."""
        prefix = self._prefix(within)
        below = [e for e in self.entries.values() if e.code.startswith(prefix) and e.code != within]
        if not prefix or len(below) > _MOST_COMPARED:
            return []
        by_name: dict[str, list[str]] = defaultdict(list)
        for entry in below:
            if entry.successor is None:
                by_name[entry.name].append(entry.code)
        wanted = _SEPARATORS.split(text.strip())[-1]
        close = get_close_matches(wanted, by_name, n=most, cutoff=_LEAST_SIMILAR)
        return [code for name in close for code in by_name[name]][:most]

    def _prefix(self, code: str) -> str:
        entry = self.entries.get(code)
        return entry.prefix if entry else ""

    def _walk(self, parts: list[str], levels: list[str], at: Match) -> Iterator[Match]:
        """Every way down from a division; a part may hold several names, or repeat those above."""
        if not parts:
            yield at
            return
        level = levels[0] if levels else ""
        for below, rest in self._steps(plain(parts[0]), at):
            entry = self.entries[below.code]
            if rest:
                yield from self._walk([rest, *parts[1:]], levels, below)
            elif not level or entry.level == level:
                yield from self._walk(parts[1:], levels[1:], below)

    def _steps(self, text: str, at: Match) -> Iterator[tuple[Match, str]]:
        """The divisions whose name begins the text, and what is left of it."""
        prefix = self._prefix(at.code)
        for length in range(min(len(text), LONGEST_PATH_NAME), SHORTEST_STEM - 1, -1):
            for code, cost in self._named(text[:length]):
                if code.startswith(prefix) and code != at.code:
                    yield Match(code, at.cost + cost), text[length:]
                elif prefix.startswith(self._prefix(code)):
                    # 花垣县 in a column beside, then 花垣县双龙镇: said again, nothing new.
                    yield Match(at.code, at.cost + cost), text[length:]

    def _named(self, name: str) -> Iterator[Match]:
        """All that a name can mean, with what each costs."""
        for code in self._names.get(name, ()):
            yield Match(code, AS_IS)
        if len(name) >= SHORTEST_STEM:
            for code in self._stems.get(name, ()):
                yield Match(code, NO_SUFFIX)
        for suffix in _BY_LAST_CHARACTER.get(name[-1], ()):
            stem = name.removesuffix(suffix)
            if stem == name:
                continue
            for code in self._stems.get(stem, ()):
                entry = self.entries[code]
                own = plain(entry.name)[len(stem) :]
                if own != suffix and suffix in _SUFFIXES[entry.level]:
                    yield Match(code, _cost_of_suffix(own, suffix))


_MOST_COMPARED = 1_500
_LEAST_SIMILAR = 0.6


def _cost_of_suffix(own: str, suffix: str) -> int:
    """村 and 村委会 are the same; 镇 and 乡 were one after the other."""
    same = any(own in group and suffix in group for group in _SAME_SUFFIX)
    return AS_IS if same else OTHER_SUFFIX


def _without_group(text: str) -> str:
    """Up to the village: the group (组) is no division."""
    stripped = text.strip()
    return _GROUP.sub("", stripped) or stripped


_shared: dict[tuple[int, int], DivisionIndex] = {}


def division_index() -> DivisionIndex:
    """The index, built anew only when a division was changed."""
    with connection.cursor() as cursor:
        cursor.execute(FINGERPRINT)
        count, digest = cursor.fetchone()
    key = (int(count), int(digest or 0))
    if key not in _shared:
        _shared.clear()
        _shared[key] = DivisionIndex(_entries())
    return _shared[key]


def _entries() -> list[Entry]:
    today = timezone.localdate()
    rows = Division.objects.values_list("code", "name", "level", "valid_to", "successor_id")
    return [
        Entry(code, name, level, _followed_by(until, successor, today))
        for code, name, level, until, successor in rows
    ]


def _followed_by(until: date | None, successor: str | None, today: date) -> str | None:
    if successor or (until is not None and until < today):
        return successor or ""
    return None
