"""What a column's heading says: a name in one spelling or several, and a unit.

Spreadsheets add to a heading what is no part of the name: （必填）, *, 1., line breaks, a list of
the answers; and a heading of two rows comes joined by a blank: "投资（万元） 中央".
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from importers.matching.names import is_chinese, plain
from importers.matching.units import Unit, unit_named

_BRACKETS = re.compile(r"[(\[{【〔<《]([^()\[\]{}【】〔〕<>《》]*)[)\]}】〕>》]")
_NOISE = re.compile(
    r"^(必填|选填|必选|可选|必填项|选填项|单选|多选|下拉.*|请.*|格式.*|[如例].*|示例.*|填.*|注.*|"
    r"required|optional|.*[/、,，|;；].*|.*或.*|\d+位.*|yyyy.*|年月日?|精确到.*|保留.*|以下?简称.*)$"
)
_ORDINAL = re.compile(r"^[*\s]*(?:\(?\d{1,2}\)|\d{1,2}[.、．]|[一二三四五六七八九十]+、)\s*")
_ASKING = re.compile(r"^(?:是否有|是否为|是否已?|有无|有没有|是不是)")
_GLUED = re.compile(r"^(.{2,}?)(万元|亿元|公里|千米|平方米|公顷|立方米|亩)$")
_TOKENS = re.compile(r"[\s_]+")
ROW_NUMBERS = frozenset(
    map(plain, ("序号", "行号", "序", "no", "no.", "#", "id", "fid", "objectid", "行号 row", "号"))
)
"""They count the rows, and mean nothing in any other file."""
OWN_COLUMNS = frozenset(map(plain, ("原因", "reason", "提示", "hint", "行号 row")))
"""What the list of rejected rows adds: it comes back corrected."""
EXPORTED_COLUMNS = frozenset(
    map(
        plain,
        (
            *("坐标基准", "Datum of the place"),
            *("source_datum", "来源坐标基准", "Datum of the source"),
            *("method", "位置来源方式", "How the place became known"),
            *("accuracy_m", "位置精度（米）", "Accuracy of the place (m)"),
            *("version", "记录版本", "Version of the record"),
            *("updated_on", "最近更新日期", "Last changed"),
            *("demonstration", "演示数据", "Demonstration data"),
        ),
    )
)
"""What our exports tell of a record beside its fields (importers.exporting.columns): never a field,
however alike the names and the dates are. The full name of the division may be all a row says."""

WHOLE, QUALIFIED, LAST_PART, FIRST_PART, ASKED, ONE_SIDE, GLUED = (
    1.0,
    0.8,
    0.9,
    0.6,
    0.97,
    0.95,
    0.95,
)


class Spelling(NamedTuple):
    """A plain name and how much of the heading it is, from 0 to 1."""

    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class Header:
    """`parts` are its words as written, for abbreviations (surf_wid); `unit_text` the unit so."""

    column: str
    spellings: tuple[Spelling, ...]
    parts: tuple[str, ...] = ()
    unit: Unit | None = None
    unit_text: str = ""

    @property
    def no_field(self) -> bool:
        """Whether it counts rows, or the service itself added it."""
        return plain(self.column) in ROW_NUMBERS | OWN_COLUMNS | EXPORTED_COLUMNS


def read_header(column: str) -> Header:
    """Never fails: a heading that says nothing has itself as its one spelling."""
    text = _ORDINAL.sub("", unicodedata.normalize("NFKC", column).strip().strip("*").strip())
    outside, inside = _BRACKETS.sub(" ", text).strip(" *"), _BRACKETS.findall(text)
    unit_text = next((each for each in inside if unit_named(each)), "")
    qualifiers = [each for each in inside if each != unit_text and not _NOISE.match(each.strip())]
    words, trailing = _without_unit(_TOKENS.split(outside)) if not unit_text else (None, "")
    found: dict[str, float] = {}
    _note(found, text, WHOLE)
    _note(found, outside + "".join(qualifiers), WHOLE)
    _note(found, outside, QUALIFIED if qualifiers else WHOLE)
    if words:
        _note(found, "".join(words), WHOLE)
    _note_sides(found, outside)
    _note_rows(found, words or outside.split(), QUALIFIED if qualifiers else WHOLE)
    glued = "" if unit_text or trailing else _note_glued(found, outside)
    for name, weight in list(found.items()):
        _note(found, _ASKING.sub("", name), weight * ASKED)
    unit_text = unit_text or trailing or glued or _unit_after_slash(found, outside)
    return Header(
        column,
        tuple(Spelling(*each) for each in found.items()),
        tuple(words or _TOKENS.split(outside)),
        unit_named(unit_text) if unit_text else None,
        unit_text,
    )


def _note(found: dict[str, float], text: str, weight: float) -> None:
    name = plain(text)
    if name:
        found[name] = max(weight, found.get(name, 0.0))


def _without_unit(words: list[str]) -> tuple[list[str] | None, str]:
    """length_km, 里程 公里: the last word is a unit."""
    if len(words) > 1 and unit_named(words[-1]):
        return words[:-1], words[-1]
    return None, ""


def _note_sides(found: dict[str, float], text: str) -> None:
    """名称/Name: the same name twice."""
    sides = [side for side in re.split(r"[/|]", text) if side.strip()]
    if len(sides) == len(("zh", "en")) and is_chinese(sides[0]) != is_chinese(sides[1]):
        for side in sides:
            _note(found, side, ONE_SIDE)


def _note_rows(found: dict[str, float], words: list[str], weight: float) -> None:
    """Of a heading of two rows the lower says what it is, the upper what it belongs to."""
    if len(words) > 1 and is_chinese("".join(words)):
        _note(found, words[-1], LAST_PART * weight)
        _note(found, "".join(words[1:]), LAST_PART * weight)
        _note(found, words[0], FIRST_PART * weight)


def _note_glued(found: dict[str, float], text: str) -> str:
    """总投资万元: a unit with nothing between."""
    glued = _GLUED.match(text)
    if glued is None:
        return ""
    _note(found, glued[1], GLUED)
    return glued[2]


def _unit_after_slash(found: dict[str, float], text: str) -> str:
    """里程/公里."""
    name, _slash, unit = text.partition("/")
    if not name or not unit_named(unit):
        return ""
    _note(found, name, WHOLE)
    return unit.strip()
