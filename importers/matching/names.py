"""Names as they are compared: without what people vary."""

import re
import unicodedata

_NOISE = re.compile(r"[\s_\-.:：、*\u200b\ufeff]+")
_HAN = re.compile(r"[\u3400-\u9fff]")


def plain(text: str) -> str:
    """A name without what people vary: case, width, blanks, underscores, hyphens."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())


def is_chinese(text: str) -> bool:
    return _HAN.search(text) is not None


def is_inside(short: str, long: str) -> bool:
    """Whether the characters of `short` come in `long` in their order (安置点名 in 安置点名称)."""
    rest = iter(long)
    return all(character in rest for character in short)
