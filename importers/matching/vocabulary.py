"""The words of the code lists: by label, synonym or code name, never by a bare number.

Three systems number the same toilet types differently (domain.md, attributes). A number before a
label (11沥青混凝土, 1-三格化粪池式) is passed over; one alone needs a person to say what it means.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from django.utils import timezone

from importers.matching.names import plain
from importers.matching.numbers import says_nothing
from importers.matching.problems import CellProblem
from importers.matching.readings import given, whole
from importers.phrases import Phrase, gettext_noop, said
from layers.models.code import CodeItem
from layers.registry import Field, Label

_BARE_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")
_PUNCTUATION = re.compile(r"[()\[\]{}【】〔〕“”\"'‘’,，、/;；·|]+")
_MARK_BEFORE = re.compile(
    r"^\(?[0-9a-z]{1,3}(?:[-~][0-9a-z]{1,2})?\)?[\s.、:：—_-]*(?=[\u3400-\u9fff])"
)
_MARK_BEHIND = re.compile(r"\s*[(\[]\s*[0-9a-z]{1,3}\s*[)\]]$")
MOST_NAMED = 8
"""Labels that a hint lists."""


def is_bare_number(raw: Any) -> bool:
    return bool(_BARE_NUMBER.match(unicodedata.normalize("NFKC", str(whole(raw))).strip()))


def word_key(word: str) -> str:
    """A word without what people vary, punctuation included."""
    return _PUNCTUATION.sub("", plain(word))


class Vocabulary:
    """The code lists' words. `words[list][key]` is a set: two codes make a word ambiguous."""

    def __init__(self, lists: Iterable[str]) -> None:
        today = timezone.localdate()
        items = CodeItem.objects.filter(list_name__in=set(lists)).order_by("list_name", "position")
        self.words: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.labels: dict[str, dict[str, Label]] = defaultdict(dict)
        for item in items.exclude(valid_to__lt=today).exclude(valid_from__gt=today):
            self.labels[item.list_name][item.code] = Label(item.zh, item.en)
            for word in (item.code, item.zh, item.en, *item.synonyms):
                if not _BARE_NUMBER.match(word):
                    self.words[item.list_name][word_key(word)].add(item.code)

    def code(self, field: Field, raw: Any, answers: Mapping[str, str] | None = None) -> str | None:
        """The code of a cell; None for an empty one. Raises CellProblem.

        `answers` are what a person said of words of this file; they go before everything.
        """
        raw = given(raw)
        text = "" if raw is None else str(whole(raw))
        answered = answer_to(text, answers)
        if answered is not None:
            return answered or None
        if not text:
            return None
        if is_bare_number(text):
            raise CellProblem(
                said(
                    gettext_noop("The number %(value)s says nothing by itself: write the label."),
                    value=text,
                ),
                self.hint(field),
            )
        found = self.found(field, text)
        if len(found) == 1:
            return next(iter(found))
        if not found and says_nothing(text):
            return None
        message = (
            gettext_noop("“%(value)s” can mean several codes.")
            if found
            else gettext_noop("“%(value)s” is not in the code list.")
        )
        raise CellProblem(said(message, value=text), self.hint(field, text))

    def found(self, field: Field, text: str) -> set[str]:
        """The codes that a word can mean; the whole word first, then without a mark around it."""
        words = self.words[field.codes or ""]
        folded = unicodedata.normalize("NFKC", text).strip().casefold()
        bare = _MARK_BEHIND.sub("", _MARK_BEFORE.sub("", folded))
        for form in (folded, _MARK_BEFORE.sub("", folded), _MARK_BEHIND.sub("", folded), bare):
            codes = words.get(word_key(form))
            if codes:
                return codes
        return set()

    def options(self, field: Field, word: str = "") -> tuple[tuple[str, Phrase], ...]:
        """The entries of the field's list, those most like the word first."""
        key = word_key(word)
        entries = self.labels[field.codes or ""].items()
        by_likeness = sorted(entries, key=lambda entry: -self._likeness(field, entry[0], key))
        ordered = by_likeness if word and not is_bare_number(word) else list(entries)
        return tuple((code, Phrase(label.zh, label.en)) for code, label in ordered)

    def _likeness(self, field: Field, code: str, key: str) -> float:
        words = self.words[field.codes or ""]
        return max(
            SequenceMatcher(None, key, word, autojunk=False).ratio()
            for word, codes in words.items()
            if code in codes
        )

    def hint(self, field: Field, word: str = "") -> Phrase:
        options = [label for _code, label in self.options(field, word)[:MOST_NAMED]]
        names = Label("、".join(o.zh for o in options), ", ".join(o.en for o in options))
        return said(gettext_noop("Write one of: %(names)s"), names=names)


def answer_to(text: str, answers: Mapping[str, str] | None) -> str | None:
    """What a person said of a word, however it is spaced; None if nothing."""
    if not answers:
        return None
    if text in answers:
        return answers[text]
    key = plain(text)
    return next((code for word, code in answers.items() if plain(word) == key), None)
