"""The words of coded columns and the names of divisions that a file uses and nobody knows."""

from collections.abc import Iterator, Mapping, Sequence

from importers.interpretation import Interpretation
from importers.matching.dates import is_month_only
from importers.matching.division_cells import DivisionReader
from importers.matching.problems import CellProblem
from importers.matching.samples import Sample, as_shown, masked
from importers.matching.vocabulary import Vocabulary, answer_to, is_bare_number
from importers.phrases import Phrase, gettext_noop, said
from importers.proposal import Finding, Topic
from layers.registry import Field, Kind, Layer

ABOUT_SEPARATOR = ":"
"""`about` of a question on a word is "toilet_type:三格": field and word."""
MOST_ASKED = 30
MOST_OPTIONS = 20
LEAVE_EMPTY = ""
"""The answer that a word counts as an empty cell."""


def unknown_words(
    layer: Layer,
    interpretation: Interpretation,
    samples: Mapping[str, Sample],
    vocabulary: Vocabulary,
) -> Iterator[Finding]:
    """A question for each word that is in no code list; numbers must be explained."""
    for name, choice in interpretation.columns.items():
        field = layer.by_name[name]
        sample = samples.get(choice.column, Sample())
        if layer.kind(field) is Kind.CODE:
            answers = interpretation.values.get(name)
            yield from _of_field(field, sample, vocabulary, answers)
        elif layer.kind(field) is Kind.DATE:
            yield from _months(field, sample)


def _of_field(
    field: Field, sample: Sample, vocabulary: Vocabulary, answers: Mapping[str, str] | None
) -> Iterator[Finding]:
    open_words = [
        value
        for value in sample.values
        if answer_to(as_shown(value), answers) is None and _is_unknown(field, value, vocabulary)
    ]
    for value in open_words[:MOST_ASKED]:
        word = as_shown(value)
        if masked(word) != word:
            continue
        number = is_bare_number(value)
        text = (
            gettext_noop(
                "%(field)s: what does the number %(word)s mean? Systems number it differently."
            )
            if number
            else gettext_noop("%(field)s: “%(word)s” is not in the code list. Which one is it?")
        )
        yield Finding(
            Topic.VALUES,
            said(text, field=field.label, word=word),
            must=number,
            about=f"{field.name}{ABOUT_SEPARATOR}{word}",
            options=(*vocabulary.options(field, word), (LEAVE_EMPTY, _left_empty())),
        )
    yield from _more(Topic.VALUES, field.name, field.label, len(open_words))


def _is_unknown(field: Field, value: object, vocabulary: Vocabulary) -> bool:
    try:
        vocabulary.code(field, value)
    except CellProblem:
        return True
    return False


def _months(field: Field, sample: Sample) -> Iterator[Finding]:
    months = [value for value in sample.values if is_month_only(value)]
    if months:
        text = gettext_noop("%(field)s: “%(word)s” names no day and is read as the month's first.")
        yield Finding(
            Topic.VALUES, said(text, field=field.label, word=as_shown(months[0])), about=field.name
        )


def unknown_divisions(
    rows: Sequence[Sequence[object]], levels: Sequence[str], reader: DivisionReader
) -> Iterator[Finding]:
    """A question for each name that means no division, or several; `rows` are distinct."""
    asked = 0
    for cells in rows:
        try:
            reader.read_several(cells, levels) if levels else reader.read(cells[0])
        except CellProblem as problem:
            asked += 1
            if asked <= MOST_ASKED:
                yield _division_question(cells, problem, reader)
    yield from _more(Topic.DIVISIONS, "division", None, asked)


def _division_question(
    cells: Sequence[object], problem: CellProblem, reader: DivisionReader
) -> Finding:
    name = " ".join(as_shown(cell) for cell in cells if cell is not None)
    codes = reader.candidates(cells)[:MOST_OPTIONS]
    options = [(code, _path(reader, code)) for code in codes]
    return Finding(Topic.DIVISIONS, problem.phrase, about=masked(name), options=tuple(options))


def _path(reader: DivisionReader, code: str) -> Phrase:
    text = f"{reader.index.path(code)} ({code})"
    return Phrase(text, text)


def _more(topic: Topic, about: str, label: object, count: int) -> Iterator[Finding]:
    if count > MOST_ASKED:
        text = gettext_noop("%(more)d more are unknown, too: correct them in the file.")
        yield Finding(topic, said(text, more=count - MOST_ASKED), about=about)


def _left_empty() -> Phrase:
    return said(gettext_noop("Leave empty"))
