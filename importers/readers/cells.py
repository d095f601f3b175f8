"""What single cells and rows of a sheet are, judged by how they look to a person."""

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from importers.formulas import unguarded

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Row = Sequence[Any]

TOTALS = frozenset(
    {"合计", "总计", "共计", "小计", "累计", "总合计", "本页合计", "本页小计"}
    | {"total", "totals", "sum", "subtotal", "grandtotal"}
)
_UNIT_WORDS = """
公里 千米 米 厘米 毫米 亩 公顷 平方米 平方公里 立方米 立方米/天 元 万元 亿元 户 人 个 处 座 条 套
年 天 吨 度 千瓦 km m cm mm m2 m3 m3/d ha °
"""
UNITS = frozenset(_UNIT_WORDS.split())
_CLOSING = re.compile(
    r"^(注|注释|备注|说明|填表人|制表人?|填报人?|审核人?|负责人|单位负责人|复核|联系人|联系电话|"
    r"报送|日期|填报日期|制表日期|审批|签字|盖章|note|source|数据来源)[：:（(\d、.\s]",
    re.IGNORECASE,
)
_SAID = re.compile(r"[：:]")
_DATA = re.compile(
    r"[-+]?\d+\.\d+(e[-+]?\d+)?|[-+]?\d{5,}|.*\d°.*|"
    r"(?P<day>\d{4}[-/.年]\d{1,2}([-/.月]\d{0,2}日?)?([ T]+[\d:.]+)?)",
    re.IGNORECASE,
)
SCIENTIFIC = re.compile(r"[-+]?\d(\.\d+)?E\+\d{1,3}", re.IGNORECASE)
"""What Excel shows of a number of more than 11 digits, and writes when a sheet is saved as CSV."""
_BREAK = re.compile(r"\s*[\r\n]+\s*")
LONGEST_NAME = 20
NUMBER_LIKE_A_YEAR = 10_000


def is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def filled(row: Row) -> int:
    return sum(not is_blank(cell) for cell in row)


def first_filled(row: Row) -> Any:
    return next((cell for cell in row if not is_blank(cell)), None)


def name_text(cell: Any) -> str:
    """A cell of a header as one line: 安置点⏎名称 is one word, road⏎length two."""
    if is_blank(cell):
        return ""
    text = unguarded(text_of(cell).strip())
    return _BREAK.sub(lambda found: _joint(text, found), text)


def _joint(text: str, found: "re.Match[str]") -> str:
    around = text[max(found.start() - 1, 0) : found.start()] + text[found.end() : found.end() + 1]
    return " " if around.isascii() else ""


def text_of(cell: Any) -> str:
    """A cell as text: whole numbers without ".0", days without a time that is not there."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if math.isfinite(cell) and cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


def is_data(cell: Any) -> bool:
    """A measurement, a day, an id or a position: nothing a column is called. A year may be."""
    if isinstance(cell, (bool, date, time, timedelta)):
        return True
    if isinstance(cell, (int, float)):
        return not float(cell).is_integer() or abs(cell) >= NUMBER_LIKE_A_YEAR
    if is_blank(cell):
        return False
    return _data_match(cell) is not None


def _data_match(text: str) -> "re.Match[str] | None":
    return _DATA.fullmatch(unicodedata.normalize("NFKC", text).strip())


def sort_of(cell: Any) -> str:
    """A rough sort, to compare what stands above each other: day, number, text or blank."""
    if is_blank(cell):
        return "blank"
    if isinstance(cell, (date, time, timedelta)):
        return "day"
    if not isinstance(cell, str):
        return "number"
    found = _data_match(cell)
    if found:
        return "day" if found["day"] else "number"
    return "number" if is_number(cell) else "text"


def is_number(cell: Any) -> bool:
    if isinstance(cell, (int, float)):
        return True
    return isinstance(cell, str) and cell.strip().replace(".", "", 1).isdecimal()


def is_label(cell: Any) -> bool:
    """A short text that is no number and tells no value."""
    return (
        isinstance(cell, str)
        and 0 < len(cell.strip()) <= LONGEST_NAME
        and not is_number(cell)
        and not is_data(cell)
    )


def is_remark(cell: Any) -> bool:
    """“填报单位：花垣县”, “单位：万元”: what stands around a table, not in it."""
    if not isinstance(cell, str):
        return False
    found = _SAID.search(cell)
    return found is not None or _CLOSING.match(cell.strip()) is not None


def is_unit(cell: Any) -> bool:
    """
    >>> is_unit("（公里）"), is_unit("里程")
    (True, False)
    """
    if not isinstance(cell, str):
        return False
    text = unicodedata.normalize("NFKC", cell).strip().strip("()[] ")
    return text in UNITS


def is_total(row: Row) -> bool:
    """A row of sums, which is no feature: its first cell says so."""
    first = first_filled(row)
    if not isinstance(first, str) or len(first) > LONGEST_NAME:
        return False
    return re.sub(r"[\s:：()（）]+", "", first).casefold() in TOTALS


def is_closing(row: Row, width: int) -> bool:
    """What stands below a table: “注：…”, “填表人：… 审核人：…”.

    Of a table of `width` columns a row of its own would fill more than half.
    """
    first = first_filled(row)
    if not isinstance(first, str) or _CLOSING.match(first.strip()) is None:
        return False
    return filled(row) * 2 <= max(width, 2)
