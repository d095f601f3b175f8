"""A few values of each column: to judge it by, and to show beside it, with persons left out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from importers.matching.damage import has_valid_check_digit, may_be_identity_number
from importers.matching.names import plain
from importers.matching.readings import whole
from importers.readers.specification import GEOMETRY_COLUMN, ROW_COLUMN, UNREADABLE_COLUMN

MOST_DISTINCT = 2_000
MOST_SHOWN = 5
LONGEST_SHOWN = 60
MOSTLY = 0.8
MASK = "***"
_NOT_DATA = (GEOMETRY_COLUMN, UNREADABLE_COLUMN, ROW_COLUMN)
_ID_INSIDE = re.compile(r"(?<!\d)\d{6}(?:18|19|20)\d{9}[\dXx](?![\dXx])")
_MOBILE_INSIDE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_MOBILE = re.compile(r"^(?:\+?86)?1[3-9]\d{9}$")
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎"
    "鲁韦昌马苗方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟黄"
    "穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江"
    "童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪解应宗丁宣邓郁单杭洪包诸左石"
    "崔吉龚程邢裴陆荣翁荀向龙隆廖曾肖欧谭邝粟瞿覃符聂匡易文晏申游阳叶刘"
)
_NAME_LENGTHS = (2, 3)
_PLACE_ENDINGS = frozenset("村镇乡县区市组路桥塘冲坪寨社院厂站库井河溪水")
_PERSON_HEADINGS = re.compile(
    r"姓名|户主|身份证|证件号|电话|手机|联系方式|联系人|householder|phone|mobile|idnumber|idcard"
)


@dataclass(frozen=True, slots=True)
class Sample:
    """`values` are distinct and not empty, at most MOST_DISTINCT of them, in the file's order."""

    values: tuple[Any, ...] = ()

    @property
    def texts(self) -> list[str]:
        return [as_shown(value) for value in self.values]


def sampled(batches: Sequence[pa.RecordBatch]) -> dict[str, Sample]:
    """Of every column but the readers' own."""
    if not batches:
        return {}
    names = [name for name in batches[0].schema.names if name not in _NOT_DATA]
    return {name: Sample(_distinct([batch.column(name) for batch in batches])) for name in names}


def _distinct(arrays: Sequence[pa.Array]) -> tuple[Any, ...]:
    values = pc.unique(pa.chunked_array(arrays)).drop_null()[: MOST_DISTINCT * 2].to_pylist()
    return tuple(value for value in values if not _is_blank(value))[:MOST_DISTINCT]


def _is_blank(value: Any) -> bool:
    return value != value or (isinstance(value, str) and not value.strip())


def as_shown(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return str(whole(value)).strip() if not isinstance(value, bytes) else "…"


def masked(text: str) -> str:
    """Without identity numbers and mobile phone numbers."""
    return _MOBILE_INSIDE.sub(MASK, _ID_INSIDE.sub(MASK, text))


def holds_id_numbers(sample: Sample) -> bool:
    return _share(sample, lambda text: has_valid_check_digit(text.upper())) >= MOSTLY


def may_hold_id_numbers(sample: Sample) -> bool:
    """Damaged ones, too."""
    return _share(sample, may_be_identity_number) >= MOSTLY


def holds_phone_numbers(sample: Sample) -> bool:
    return _share(sample, lambda text: bool(_MOBILE.match(re.sub(r"[ -]", "", text)))) >= MOSTLY


def holds_person_names(sample: Sample) -> bool:
    return _share(sample, _is_like_person_name) >= MOSTLY


def _is_like_person_name(text: str) -> bool:
    return len(text) in _NAME_LENGTHS and text[0] in _SURNAMES and text[-1] not in _PLACE_ENDINGS


def _share(sample: Sample, test: Any) -> float:
    texts = sample.texts
    return sum(map(test, texts)) / len(texts) if texts else 0.0


def is_personal(column: str, sample: Sample) -> bool:
    """By its heading or by what it holds; a column too many is masked rather than one too few."""
    return bool(_PERSON_HEADINGS.search(plain(column))) or any(
        holds(sample) for holds in (holds_id_numbers, holds_phone_numbers, holds_person_names)
    )


def shown(column: str, sample: Sample, *, personal: bool) -> tuple[str, ...]:
    """What a page may show of a column; of a personal one nothing but that it is not empty."""
    if personal:
        return (MASK,) if sample.values else ()
    return tuple(masked(text)[:LONGEST_SHOWN] for text in sample.texts[:MOST_SHOWN])
