"""What the page of one delivery shows of the file: columns, words, questions, choices."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gisapp.web.imports.datums import DatumGroup, datums_offered
from gisapp.web.imports.review_parts import (
    FOUND_BY,
    LEFT_EMPTY,
    LIKELY,
    NUMBERS,
    SOURCES,
    SURE,
    SURENESS,
    USED_FOR,
    ColumnView,
    DivisionName,
    Word,
    WordList,
)
from importers.deliveries import kept
from importers.deliveries.corrections import Corrections
from importers.deliveries.kept import Sample
from importers.deliveries.masking import masked, personal_columns
from importers.deliveries.preview import Row, first_rows
from importers.deliveries.questions import Question, open_count, questions_of
from importers.deliveries.understanding import recogniser, words_of
from importers.interpretation import Interpretation, Missing, PlaceSource
from importers.matching import units
from importers.matching.words import ABOUT_SEPARATOR
from importers.models import Delivery
from importers.places.labels import label
from importers.proposal import Proposal, Topic
from layers.access import policy
from layers.access.personal import MASK
from layers.access.policy import Scope
from layers.codes import code_lists
from layers.divisions.names import place_names
from layers.models import Division
from layers.registry import Field, Kind, Layer, layer_named


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
        listed = self._answered_in_lists()
        for each in self.questions:
            if (each.finding.topic, each.finding.about) not in listed:
                found[each.finding.topic].append((each, masked(str(each.finding.text))))
        return found

    def _answered_in_lists(self) -> set[tuple[str, str]]:
        """Words and names that have a line, with all choices, in the lists below the questions."""
        words = {
            (Topic.VALUES.value, f"{each.field.name}{ABOUT_SEPARATOR}{word.text}")
            for each in self.word_lists()
            for word in each.words
        }
        return words | {(Topic.DIVISIONS.value, each.name) for each in self.divisions()}

    def columns(self) -> list[ColumnView]:
        by_column = {choice.column: (name, choice) for name, choice in self.now.columns.items()}
        return [self._column(index, name, by_column) for index, name in enumerate(self.names)]

    def _column(self, index: int, name: str, by_column: Mapping[str, Any]) -> ColumnView:
        field, choice = by_column.get(name, ("", None))
        sureness = _sureness(choice)
        use = "" if choice else self._other_use(name)
        samples = self.proposal.samples.get(name, ())
        hidden = name in self.hidden
        return ColumnView(
            index=index,
            name=name,
            field=field,
            sureness="sure" if use else sureness,
            word=USED_FOR[use] if use else SURENESS[sureness],
            how=FOUND_BY.get(choice.how, "") if choice else "",
            samples=(MASK,) if hidden and samples else tuple(masked(each) for each in samples),
            factor=_factor_text(choice),
            factors=self._factors(field, _factor_text(choice)),
        )

    def _other_use(self, column: str) -> str:
        """Columns that fill no field of their own may yet be read."""
        place = self.now.place
        by_source = {
            PlaceSource.COLUMNS: (place.x, place.y),
            PlaceSource.WKT: (place.wkt,),
        }
        if column in by_source.get(place.source, ()):
            return "place"
        return "division" if column in self.now.division_columns else ""

    def _factors(self, name: str, factor: str) -> tuple[tuple[str, str], ...]:
        field = self.layer.by_name.get(name)
        if field is None or self.layer.kind(field) not in NUMBERS:
            return ()
        found = {value: str(unit) for value, unit in units.offered(field)}
        if found and factor not in found:
            found[factor] = f"× {factor}"
        return tuple(found.items())

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
            asked = {q.finding.about for q in self.questions if q.open}
            seen = dict.fromkeys([*words_of(self.sample, choice.column), *filter(None, known)])
            words = [
                Word(
                    word,
                    (known[word] or LEFT_EMPTY) if word in known else recognised(name, word),
                    f"{name}{ABOUT_SEPARATOR}{word}" in asked,
                )
                for word in seen
            ]
            words.sort(key=lambda each: (not each.must, each.code != ""))
            found.append(WordList(field, choice.column, tuple(words), codes))
        return sorted(found, key=lambda each: not each.open)

    def divisions(self) -> list[DivisionName]:
        """Names of divisions: the code chosen, and the candidates with their full names."""
        asked = [q.finding for q in self.questions if q.finding.topic is Topic.DIVISIONS]
        candidates = {each.about: each.options for each in asked if not _is_count(each.about)}
        chosen = self.now.divisions
        codes = {code for options in candidates.values() for code, _text in options}
        names = place_names(codes | set(chosen.values()))
        return [
            DivisionName(
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

    def withins(self) -> list[tuple[str, str]]:
        """Where names are looked for now, the delivery's place, and all that is above it."""
        own = self.delivery.division_id
        above = [f"{own[:cut]}".ljust(12, "0") for cut in (6, 4, 2)]
        codes = dict.fromkeys([self.now.within or above[-1], own, *above])
        names = place_names(codes)
        return [(code, names[code]) for code in codes]

    def divisions_within(self) -> list[tuple[str, str]]:
        """Code and name of all that names may mean, where that is a county or a part of one."""
        within = self.now.within
        if len(within) != 12 or within.endswith("00000000"):
            return []
        inside = Scope.of([policy.division_prefix(within)])
        rows = Division.objects.filter(inside.q("code"), valid_to__isnull=True)
        names = place_names(rows.values_list("code", flat=True))
        return sorted(names.items())

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

    @property
    def parameters(self) -> dict[str, str]:
        """The seven parameters in force, as the form sends them."""
        given = self.now.place.parameters
        return (
            {} if given is None else {name: f"{value:g}" for name, value in asdict(given).items()}
        )

    def missing(self) -> list[tuple[str, str | Promise]]:
        return [
            (Missing.KEEP, gettext_lazy("keep them")),
            (Missing.DELETE, gettext_lazy("delete them")),
        ]

    def sources(self) -> list[tuple[str, str | Promise]]:
        return list(SOURCES.items())

    def datums(self) -> list[DatumGroup]:
        """The datums a person may choose from, in groups; the one in force is among them."""
        groups = datums_offered()
        now = self.now.place.datum
        known = {value for _title, offered in groups for value, _text in offered}
        if now and now not in known:
            groups.insert(0, (gettext_lazy("The file's own"), [(now, str(label(now)))]))
        return groups


def _is_count(about: str) -> bool:
    """The finding that tells how many more names are unknown names the field, not a name."""
    return about == "division"


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
