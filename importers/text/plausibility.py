"""How much a decoded text looks like something that people write: evidence between encodings.

GB 2312 and Big5 both put their common characters first (level 1: 3,755 and 5,401 of them, some 99 %
of running text), so the codecs themselves hold the tables. Bytes read in the wrong encoding give
characters from all over the rare ones.
"""

from functools import lru_cache

_LEVEL_1 = {"gb2312": (0xB0, 0xD7), "big5": (0xA4, 0xC6)}
"""Lead bytes of the common characters."""
_SYMBOLS = frozenset("°′″′²³×±·–—‘’“”…℃①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣⅤφΦ") | frozenset(
    chr(code) for block in ((0x3001, 0x3018), (0xFF01, 0xFF5F)) for code in range(*block)
)
"""What Chinese tables have beside characters: degrees, square metres, full-width signs."""


def plausibility(text: str) -> float:
    """The share of common characters among those that are not ASCII, from 0 to 1; 1 for none."""
    foreign = [character for character in text if not character.isascii()]
    if not foreign:
        return 1.0
    return sum(map(_is_common, foreign)) / len(foreign)


@lru_cache(maxsize=1 << 16)
def _is_common(character: str) -> bool:
    if character in _SYMBOLS:
        return True
    for codec, (first, last) in _LEVEL_1.items():
        raw = character.encode(codec, errors="ignore")
        if len(raw) == 2 and first <= raw[0] <= last:
            return True
    return False
