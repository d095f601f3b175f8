"""Columns that name a row's division level by level: 县, 乡镇, 村 beside each other."""

import re
from collections.abc import Mapping, Sequence

from importers.matching.headers import Header
from importers.matching.vocabulary import word_key
from layers.models.division import Division

_WORDS = {
    Division.Level.PREFECTURE: "市州 州市 地市 市 州 地级市 prefecture city",
    Division.Level.COUNTY: "县 区县 县区 县市 市县 县市区 县区市 区县市 county",
    Division.Level.TOWNSHIP: "乡镇 乡 镇 街道 镇街 乡镇街道 镇街道 镇乡 乡镇办 乡镇场 township",
    Division.Level.VILLAGE: "村 行政村 建制村 村居 村社区 社区 村社 村委会 行政村社区 村居社区"
    " village",
}
_LEVEL_OF = {word: level for level, words in _WORDS.items() for word in words.split()}
_BEFORE = re.compile(
    r"^(?:所在|所属|所处|隶属|户籍|项目|资产|工程|厕所|安置点|建设|行政区划)(?:所在)?"
)
_BEHIND = re.compile(r"(?:的?名称|名字|名|级|name)$")


def levels_of(headers: Sequence[Header]) -> dict[str, str]:
    """Column to level, for the columns whose heading is the word for one; the first of each."""
    found: dict[str, str] = {}
    for header in headers:
        level = _level(header)
        if level is not None and level not in found.values():
            found[header.column] = level
    return found


def _level(header: Header) -> str | None:
    for spelling in header.spellings:
        word = _BEFORE.sub("", word_key(spelling.name)) or spelling.name
        level = _LEVEL_OF.get(word) or _LEVEL_OF.get(_BEHIND.sub("", word))
        if level is not None:
            return str(level)
    return None


def from_the_top(levels: Mapping[str, str]) -> tuple[str, ...]:
    """The columns in the order of their levels, whatever their order in the file."""
    order = [str(level) for level in Division.Level]
    return tuple(sorted(levels, key=lambda column: order.index(levels[column])))
