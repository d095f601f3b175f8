"""Initials of pinyin: 行政区划代码 is xzqhdm in the column names of many systems.

The 3,755 common characters of GB 2312 are in the order of their pinyin, so a character's place
tells its initial; the few others that layers use are named here, as are those read in two ways.
"""

from bisect import bisect_right
from itertools import product

_FIRST_OF_INITIAL = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_INITIALS = "abcdefghjklmnopqrstwxyz"
_STARTS = [int.from_bytes(character.encode("gb2312"), "big") for character in _FIRST_OF_INITIAL]
_COMMON_END = int.from_bytes("座".encode("gb2312"), "big")
_ALSO_READ = {"长": "cz", "行": "xh", "重": "zc", "车": "cj", "单": "ds", "会": "hk", "调": "td"}
MOST_READINGS = 16


def initials(text: str) -> set[str]:
    """Every reading's initials; none if a character is not a common Chinese one.

    >>> sorted(initials("行政等级"))
    ['hzdj', 'xzdj']
    """
    readings = [_ALSO_READ.get(character) or _initial(character) for character in text]
    if not all(readings):
        return set()
    found: set[str] = set()
    for letters in product(*readings):
        found.add("".join(letters))
        if len(found) >= MOST_READINGS:
            break
    return found


def _initial(character: str) -> str:
    try:
        place = int.from_bytes(character.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return ""
    if not _STARTS[0] <= place <= _COMMON_END:
        return ""
    return _INITIALS[bisect_right(_STARTS, place) - 1]
