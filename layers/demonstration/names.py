"""Names that are plausible and yet plainly invented."""

import re

MARK = "演示"
PREFIX = f"{MARK}·"

SURNAMES = (
    "向", "田", "彭", "龙", "石", "麻", "吴", "杨", "张", "李", "王", "刘", "陈", "周", "黄", "罗",
    "谭", "邓", "唐", "肖", "曾", "贺", "钟", "郭",
)  # fmt: skip

GIVEN_NAMES = ("某", "某某")

_COMMITTEE = re.compile(r"(村民委员会|居民委员会|村委会|居委会|委员会)$")


def village_name(name: str) -> str:
    """What people call the place of a committee.

    >>> village_name("龙潭社区居委会"), village_name("双坪村村委会"), village_name("龙门村")
    ('龙潭社区', '双坪村', '龙门村')
    """
    short = _COMMITTEE.sub("", name) or name
    if short == name or short.endswith(("村", "社区", "居")):
        return short
    return f"{short}村"


def committee(name: str) -> str:
    """The committee that answers for a village or community."""
    place = village_name(name)
    return f"{place}居民委员会" if place.endswith("社区") else f"{place}村民委员会"


def township_office(name: str) -> str:
    """The office of a township.

    >>> township_office("双龙镇"), township_office("河西街道")
    ('双龙镇人民政府', '河西街道办事处')
    """
    if name.endswith("街道"):
        return f"{name}办事处"
    return f"{name}人民政府" if name.endswith(("镇", "乡")) else name
