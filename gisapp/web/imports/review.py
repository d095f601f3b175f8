"""What the page of one delivery shows of the file: columns, words, questions, choices."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from importers.deliveries import kept
from importers.deliveries.corrections import Corrections
from importers.deliveries.kept import Sample
from importers.deliveries.masking import masked, personal_columns
from importers.deliveries.preview import Row, first_rows
from importers.deliveries.questions import Question, open_count, questions_of
from importers.deliveries.understanding import recogniser, words_of
from importers.interpretation import Interpretation, Missing, PlaceSource
from importers.models import Delivery
from importers.places.datums import DATUM_NAMES
from importers.proposal import Proposal, Topic
from layers.access.personal import MASK
from layers.codes import code_lists
from layers.divisions.names import place_names
from layers.registry import Field, Kind, Layer, layer_named

SURE, LIKELY = 0.9, 0.6
LEFT_EMPTY = "=empty"
"""What the form sends for a word that counts as an empty cell."""
SURENESS: dict[str, str | Promise] = {
    "stated": gettext_lazy("stated by you"),
    "sure": gettext_lazy("certain"),
    "likely": gettext_lazy("likely"),
    "doubtful": gettext_lazy("doubtful"),
    "none": gettext_lazy("not imported"),
}
FOUND_BY: dict[str, str | Promise] = {
    "name": gettext_lazy("by its name"),
    "label": gettext_lazy("by its label"),
    "alias": gettext_lazy("by another name"),
    "abbreviation": gettext_lazy("by an abbreviation"),
    "cut": gettext_lazy("by a cut name"),
    "content": gettext_lazy("by its content"),
    "profile": gettext_lazy("as last time"),
    "stated": gettext_lazy("stated by you"),
}
SOURCES: dict[str, str | Promise] = {
    PlaceSource.GEOMETRY: gettext_lazy("the file's geometry"),
    PlaceSource.COLUMNS: gettext_lazy("two columns"),
    PlaceSource.WKT: gettext_lazy("a column of text (WKT)"),
    PlaceSource.NONE: gettext_lazy("no places in the file"),
}
FACTORS = {
    "money": (("1", "元"), ("10000", "万元")),
    "length": (("1", "m"), ("1000", "km")),
    "area": (("1", "m²"), ("666.6666667", "亩"), ("10000", "ha")),
}
UNIT_KINDS = {"元": "money", "米": "length", "平方米": "area", "m²": "area", "m": "length"}
NUMBERS = (Kind.INTEGER, Kind.DECIMAL)


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of the file: the field it fills, how sure that is, and what is in it."""

    index: int
    name: str
    field: str
    sureness: str
    word: str | Promise
    how: str | Promise
    samples: tuple[str, ...]
    factor: str
    factors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the file and the code it stands for, "" while nobody knows."""

    text: str
    code: str


@dataclass(frozen=True, slots=True)
class WordList:
    """The words of one column, and the codes there are."""

    field: Field
    column: str
    words: tuple[Word, ...]
    codes: tuple[tuple[str, str], ...]

    @property
    def open(self) -> int:
        return sum(not each.code for each in self.words)


class Review:
    """Everything that can be checked and corrected before a load."""

    def __init__(self, delivery: Delivery, sample: Sample, proposal: Proposal) -> None:
        self.delivery = delivery
        self.sample = sample
        self.proposal = proposal
        self.layer: Layer = layer_named(delivery.layer)
        self.corrections = Corrections.from_json(delivery.corrections)
        self.now: Interpretation = self.corrections.on(proposal.interpretation)
        self.questions: list[Question] = questions_of(proposal, self.corrections)
        self.names = [column.name for column in proposal.description.columns]
        self.hidden = personal_columns(self.layer, self.now, self.names)

    @classmethod
    def of(cls, delivery: Delivery) -> "Review | None":
        """None before the file was read, and after its files have gone."""
        sample, proposal = kept.kept_sample(delivery.uid), kept.kept_proposal(delivery.uid)
        return cls(delivery, sample, proposal) if sample and proposal else None

    @property
    def open(self) -> int:
        return open_count(self.questions)

    @property
    def corrected(self) -> bool:
        return not self.corrections.empty

    def asked(self) -> dict[str, list[tuple[Question, str]]]:
        """Questions and remarks by topic, each with its text, persons hidden."""
        found: dict[str, list[tuple[Question, str]]] = {topic.value: [] for topic in Topic}
        for each in self.questions:
            found[each.finding.topic].append((each, masked(str(each.finding.text))))
        return found

    def columns(self) -> list[ColumnView]:
        by_column = {choice.column: (name, choice) for name, choice in self.now.columns.items()}
        return [self._column(index, name, by_column) for index, name in enumerate(self.names)]

    def _column(self, index: int, name: str, by_column: Mapping[str, Any]) -> ColumnView:
        field, choice = by_column.get(name, ("", None))
        sureness = _sureness(choice)
        samples = self.proposal.samples.get(name, ())
        hidden = name in self.hidden
        return ColumnView(
            index=index,
            name=name,
            field=field,
            sureness=sureness,
            word=SURENESS[sureness],
            how=FOUND_BY.get(choice.how, "") if choice else "",
            samples=(MASK,) if hidden and samples else tuple(masked(each) for each in samples),
            factor=_factor_text(choice),
            factors=self._factors(field),
        )

    def _factors(self, name: str) -> tuple[tuple[str, str], ...]:
        field = self.layer.by_name.get(name)
        if field is None or field.unit is None or self.layer.kind(field) not in NUMBERS:
            return ()
        return FACTORS.get(UNIT_KINDS.get(field.unit.zh, ""), ())

    def fields(self) -> list[Field]:
        """What a column can fill, what every row needs first."""
        able = [each for each in self.layer.fields if not each.readonly]
        return sorted(able, key=lambda each: not each.required)

    def rows(self) -> list[Row]:
        return first_rows(self.layer, self.sample, self.now)

    def word_lists(self) -> list[WordList]:
        names = {each.codes for each in self.layer.fields if each.codes}
        lists = code_lists(*names) if names else {}
        recognised = recogniser(self.layer)
        found = []
        for name, choice in self.now.columns.items():
            field = self.layer.by_name[name]
            if self.layer.kind(field) is not Kind.CODE or choice.column in self.hidden:
                continue
            codes = tuple((c, str(label)) for c, label in lists.get(field.codes or "", {}).items())
            known = self.now.values.get(name, {})
            seen = dict.fromkeys([*words_of(self.sample, choice.column), *filter(None, known)])
            words = [
                Word(word, (known[word] or LEFT_EMPTY) if word in known else recognised(name, word))
                for word in seen
            ]
            words.sort(key=lambda each: each.code != "")
            found.append(WordList(field, choice.column, tuple(words), codes))
        return sorted(found, key=lambda each: not each.open)

    def divisions(self) -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
        """Names of divisions: the code chosen, and the candidates with their full names."""
        asked = [q.finding for q in self.questions if q.finding.topic is Topic.DIVISIONS]
        candidates = {each.about: each.options for each in asked if each.options}
        chosen = self.now.divisions
        codes = {code for options in candidates.values() for code, _text in options}
        names = place_names(codes | set(chosen.values()))
        return [
            (
                name,
                chosen.get(name, ""),
                tuple(
                    (code, names[code])
                    for code in dict.fromkeys(
                        [code for code, _text in candidates.get(name, ())]
                        + ([chosen[name]] if name in chosen else [])
                    )
                ),
            )
            for name in dict.fromkeys([*candidates, *chosen])
        ]

    def keys(self) -> list[tuple[str, str]]:
        """By what a row is recognised as a feature that is there already."""
        able = [name for name in ("code", "name") if name in self.now.columns]
        choices = {"": _("Every row is new")}
        for name in able:
            choices[name] = str(self.layer.by_name[name].label)
        if self.now.key:
            labels = [str(self.layer.by_name[each].label) for each in self.now.key]
            choices[",".join(self.now.key)] = " + ".join(labels)
        return list(choices.items())

    @property
    def key(self) -> str:
        return ",".join(self.now.key)

    def missing(self) -> list[tuple[str, str | Promise]]:
        return [
            (Missing.KEEP, gettext_lazy("keep them")),
            (Missing.DELETE, gettext_lazy("delete them")),
        ]

    def sources(self) -> list[tuple[str, str | Promise]]:
        return list(SOURCES.items())

    def datums(self) -> list[tuple[str, str]]:
        """The datums a person may choose from; the one in force is always among them."""
        names = {f"EPSG:{number}": name for name, number in DATUM_NAMES.items()}
        offered = {code: f"{DATUM_WORDS.get(name, name)} · {code}" for code, name in names.items()}
        offered |= {name: str(words) for name, words in OFFSETS.items()}
        if self.now.place.datum and self.now.place.datum not in offered:
            offered[self.now.place.datum] = self.now.place.datum
        return list(offered.items())


OFFSETS = {
    "gcj02": gettext_lazy("GCJ-02 (Amap, Tencent)"),
    "bd09": gettext_lazy("BD-09 (Baidu)"),
}
DATUM_WORDS: dict[str, str | Promise] = {
    "cgcs2000": gettext_lazy("CGCS2000, degrees"),
    "wgs84": gettext_lazy("WGS 84, degrees (GPS)"),
    "web-mercator": gettext_lazy("Web Mercator"),
    **{f"cgcs2000-3-{zone}": f"CGCS2000 3° · {zone}" for zone in (36, 37, 38)},
    **{f"cgcs2000-3-cm{cm}": f"CGCS2000 3° · {cm}°E" for cm in (108, 111, 114)},
    **{f"cgcs2000-6-{zone}": f"CGCS2000 6° · {zone}" for zone in (19, 20)},
    **{f"cgcs2000-6-cm{cm}": f"CGCS2000 6° · {cm}°E" for cm in (111, 117)},
}


def _sureness(choice: Any) -> str:
    if choice is None:
        return "none"
    if choice.how == "stated":
        return "stated"
    if choice.confidence >= SURE:
        return "sure"
    return "likely" if choice.confidence >= LIKELY else "doubtful"


def _factor_text(choice: Any) -> str:
    return str(choice.factor) if choice is not None and choice.factor is not None else "1"
