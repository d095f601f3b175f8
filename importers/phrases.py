"""Texts that are needed in both languages at once: a list of rejected rows goes to others."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import get_language, gettext

CHINESE, ENGLISH = "zh-hans", "en"


def gettext_noop(text: str) -> str:
    """Marks a text for translation. Unlike Django's it works without settings: in the box."""
    return text


@dataclass(frozen=True, slots=True)
class Phrase:
    """One text in both languages; as a string it is the active one's."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if (get_language() or CHINESE).startswith("zh") else self.en

    def __bool__(self) -> bool:
        return bool(self.en)


def in_both(say: Callable[[], str]) -> Phrase:
    """What `say` returns under each language."""
    texts = []
    for language in (CHINESE, ENGLISH):
        with translation.override(language):
            texts.append(say())
    return Phrase(*texts)


def said(text: str, /, **parameters: Any) -> Phrase:
    """A marked text, translated and filled in; labels among the parameters follow the language."""
    if not text:
        return Phrase("", "")
    return in_both(lambda: gettext(text) % {name: _worded(v) for name, v in parameters.items()})


def _worded(value: Any) -> Any:
    return value if isinstance(value, (int, float, str)) else str(value)
