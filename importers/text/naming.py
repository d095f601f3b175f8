"""Codecs by the names that files give them."""

import codecs

from importers.text.encoding import CHINESE_WINDOWS, TRADITIONAL_WINDOWS

_SIMPLIFIED = {"gbk", "gb2312", "cp936", "936", "gb18030", "hz", "euc-cn", "euccn", "54936"}
_TRADITIONAL = {"big5", "big-5", "cp950", "950", "big5-hkscs"}

LDID_ENCODINGS = {
    0x4D: CHINESE_WINDOWS,
    0x4F: TRADITIONAL_WINDOWS,
    0x78: TRADITIONAL_WINDOWS,
    0x7A: CHINESE_WINDOWS,
}
"""Language driver ids of dBASE that mean Chinese."""


def named_codec(text: str) -> str | None:
    """The codec a .cpg (or a DXF) names: "UTF-8", "GBK", "936", "ANSI_936"; None for others."""
    name = text.strip().strip("\ufeff").lower().removeprefix("ansi").strip(" _-")
    if name in _SIMPLIFIED:
        return CHINESE_WINDOWS
    if name in _TRADITIONAL:
        return TRADITIONAL_WINDOWS
    if name == "65001":
        return "utf-8"
    if name.isdecimal():
        name = f"cp{name}"
    try:
        return codecs.lookup(name).name if name.isascii() and name else None
    except LookupError:
        return None
