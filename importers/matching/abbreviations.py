"""Short forms of field names: initials of pinyin (xzdj), and shortened English words (surf_wid)."""

from collections import defaultdict

from importers.matching.names import is_chinese, plain
from importers.matching.pinyin import initials
from importers.matching.units import unit_named
from layers.registry import Field, Layer

SHORTEST_INITIALS = 2
SHORTEST_WORD = 2
_SAME_WORD = {
    "num": "number",
    "no": "number",
    "qty": "quantity",
    "hh": "households",
    "pop": "people",
}
_SAME_WORD |= {"addr": "address", "yr": "year", "lvl": "level", "len": "length", "wid": "width"}
_SMALL_WORDS = frozenset({"of", "the", "in", "on", "is", "has", "by", "to", "another", "with"})


def names_of(field: Field) -> list[str]:
    """What a column of this field may be called, best first: name, labels, aliases."""
    return [field.name, field.label.zh, field.label.en, *field.aliases]


def initials_of(layer: Layer) -> dict[str, frozenset[str]]:
    """`{"xzdj": {"admin_class"}}`: the fields whose label or alias has these initials."""
    found: dict[str, set[str]] = defaultdict(set)
    for field in layer.fields:
        for name in names_of(field):
            if is_chinese(name):
                for letters in initials(plain(name)):
                    if len(letters) >= SHORTEST_INITIALS:
                        found[letters].add(field.name)
    return {letters: frozenset(fields) for letters, fields in found.items()}


def shortens(words: tuple[str, ...], field: Field) -> bool:
    """Whether the words, one for one, are those of the field's English name cut or thinned.

    surf_width and srf_wdth shorten surface_width; surfwd, whose words run together, does not.
    """
    given = [word.casefold() for word in words if word.casefold() not in _SMALL_WORDS]
    if not given or not all(word.isascii() and word for word in given):
        return False
    whole = [_words(field.name), _words(field.label.en)]
    return any(
        len(each) == len(given)
        and all(map(_is_short, given, each))
        and "".join(each) != "".join(given)
        for each in whole
    )


def _words(name: str) -> list[str]:
    words = name.casefold().replace("-", " ").replace("_", " ").split()
    if len(words) > 1 and unit_named(words[-1]):
        words.pop()
    return [word for word in words if word not in _SMALL_WORDS]


def _is_short(short: str, word: str) -> bool:
    """surf and srfc are surface; the first letter stays, the others come in their order."""
    if short == word or _SAME_WORD.get(short) == word:
        return True
    if not SHORTEST_WORD <= len(short) < len(word) or short[0] != word[0]:
        return False
    rest = iter(word)
    return all(letter in rest for letter in short)
