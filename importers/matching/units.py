"""Units of measure as people write them, and the factor from one to another.

Sizes are in a base unit a dimension. 1 亩 is 2000/3 m², so factors from it are not exact as
decimals: they carry 28 digits, far more than any field keeps.
"""

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from importers.matching.names import plain
from importers.phrases import Phrase
from layers.registry import Field


class Unit(NamedTuple):
    """`size` in the dimension's base unit: 元, m, m², m³, m³/day, km/h, %, pieces."""

    dimension: str
    size: Fraction


_F = Fraction
_LITRES_A_SECOND = _F(864, 10)
"""In m³ a day."""

_SPELLINGS: dict[tuple[str, Fraction], str] = {
    ("money", _F(1)): "元 人民币元 rmb cny yuan",
    ("money", _F(1_000)): "千元",
    ("money", _F(10_000)): "万元 万 wanyuan 万元人民币 人民币万元",
    ("money", _F(100_000_000)): "亿元 亿",
    ("price", _F(1)): "元/立方米 元/m3 元/方 元/吨 元/立方 元/t yuan/m3",
    ("length", _F(1)): "米 m 公尺 metre metres meter meters",
    ("length", _F(1_000)): "公里 千米 km kilometre kilometres kilometer kilometers",
    ("length", _F(500)): "华里 里",
    ("length", _F(1, 100)): "厘米 cm",
    ("length", _F(1, 1_000)): "毫米 mm",
    ("area", _F(1)): "平方米 平米 平方 m2 sqm 平",
    ("area", _F(2_000, 3)): "亩 mu",
    ("area", _F(10_000)): "公顷 ha hm2 hectare hectares",
    ("area", _F(1_000_000)): "平方公里 平方千米 km2",
    ("volume", _F(1)): "立方米 立方 方 m3 cbm 吨 t 立方水",
    ("volume", _F(1, 1_000)): "升 l",
    ("flow", _F(1)): "立方米/日 立方米/天 m3/d m3/day m3/日 m3/天 方/天 方/日 吨/天 吨/日 t/d"
    " 立方米/d 立方/天 立方/日 立方米每天 立方米每日 吨每天 吨每日",
    ("flow", _F(24)): "立方米/小时 m3/h 吨/小时 t/h",
    ("flow", _F(10_000)): "万立方米/日 万立方米/天 万吨/日 万吨/天 万m3/d 万方/日 万方/天",
    ("flow", _LITRES_A_SECOND): "升/秒 l/s",
    ("speed", _F(1)): "公里/小时 千米/小时 km/h kmh km/小时 公里/时 千米/时 迈",
    ("share", _F(1)): "% 百分比 pct percent 百分之",
    ("households", _F(1)): "户 户数 households",
    ("people", _F(1)): "人 口 名 people persons",
    ("people", _F(10_000)): "万人",
    ("dwellings", _F(1)): "套 dwellings",
    ("places", _F(1)): "个 处 座 间 条 项 places 蹲 位",
    ("score", _F(1)): "分",
    ("year", _F(1)): "年 年度",
}
UNITS: dict[str, Unit] = {
    plain(spelling): Unit(*measure)
    for measure, spellings in _SPELLINGS.items()
    for spelling in spellings.split()
}
_SHORTENED = {("volume", "flow"), ("money", "price")}
"""What is often left off: 供水规模（吨） is tonnes a day, 水价（元） yuan a cubic metre."""
OFFERED: dict[str, tuple[Phrase, ...]] = {
    "money": (Phrase("元", "yuan"), Phrase("千元", "1,000 yuan"), Phrase("万元", "10,000 yuan")),
    "length": (Phrase("米", "m"), Phrase("公里", "km")),
    "area": (Phrase("平方米", "m²"), Phrase("亩", "mu"), Phrase("公顷", "ha")),
    "flow": (
        Phrase("立方米/日", "m³/day"),
        Phrase("立方米/小时", "m³/h"),
        Phrase("万立方米/日", "10,000 m³/day"),
    ),
    "volume": (Phrase("立方米", "m³"), Phrase("升", "litres")),
}
"""What a person may choose from where a column's heading says nothing, or the wrong thing."""
COUNTED = frozenset({"households", "people", "dwellings", "places", "score", "year"})
"""Dimensions of plain numbers: a field without a unit takes them, too."""

_SAID = re.compile(r"^(?:计量)?单位[:：]?|^以|计$")


def unit_named(text: str) -> Unit | None:
    """ "万元", "单位：万元", "㎡", "m³", "吨／天"; None for what is no unit known here."""
    stripped = _SAID.sub("", unicodedata.normalize("NFKC", text).strip())
    return UNITS.get(plain(stripped))


def unit_of(field: Field) -> Unit | None:
    return unit_named(field.unit.zh) if field.unit else None


def fits(given: Unit, field: Field) -> bool:
    """Whether numbers in this unit can be brought to the field's."""
    wanted = unit_of(field)
    if wanted is None:
        return given.dimension in COUNTED
    if given.dimension == wanted.dimension:
        return True
    return (given.dimension, wanted.dimension) in _SHORTENED


def factor(given: Unit, field: Field) -> Decimal | None:
    """What to multiply by; None for 1. Ask `fits` first."""
    wanted = unit_of(field)
    if wanted is None or given.size == wanted.size:
        return None
    ratio = given.size / wanted.size
    return Decimal(ratio.numerator) / Decimal(ratio.denominator)


def offered(field: Field) -> list[tuple[str, Phrase]]:
    """Factors to the field's unit as texts, each with the unit that it turns; may be empty."""
    wanted = unit_of(field)
    if wanted is None:
        return []
    named = [(unit_named(phrase.zh), phrase) for phrase in OFFERED.get(wanted.dimension, ())]
    return [(str(factor(unit, field) or 1), phrase) for unit, phrase in named if unit]
