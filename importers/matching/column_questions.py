"""What is asked, or said, about columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from importers.interpretation import ColumnChoice
from importers.matching import units
from importers.matching.abbreviations import names_of
from importers.matching.contents import Contents
from importers.matching.headers import Header
from importers.matching.names import plain
from importers.matching.pairs import MADE_UP_LATER, NEARLY_EQUAL, SURE, Pair
from importers.phrases import Phrase, gettext_noop, said
from importers.proposal import Finding, Topic
from layers.registry import Field, Layer

LEAVE_OUT = ""
"""The answer that a field gets no column."""
MOST_OPTIONS = 40


class ColumnQuestions:
    def __init__(
        self,
        layer: Layer,
        headers: Mapping[str, Header],
        contents: Contents,
        unmatched: Sequence[str],
    ) -> None:
        self._layer = layer
        self._headers = headers
        self._contents = contents
        self._unmatched = unmatched

    def about(
        self,
        choices: Mapping[str, ColumnChoice],
        pairs: Sequence[Pair],
        settled: Mapping[str, str],
    ) -> Iterator[Finding]:
        for name, choice in choices.items():
            field = self._layer.by_name[name]
            rivals = [
                pair.column
                for pair in pairs
                if pair.field.name == name
                and pair.column in self._unmatched
                and pair.confidence >= choice.confidence - NEARLY_EQUAL
            ]
            if choice.how in ("stated", "profile"):
                yield from self._unit_of_stated(field, choice)
            elif rivals:
                yield self._rivals(field, choice, rivals)
            elif choice.confidence < SURE:
                yield self._unsure(field, choice)
        yield from self._other_units(choices, settled)
        yield from self._lacking(choices, settled)

    def _unsure(self, field: Field, choice: ColumnChoice) -> Finding:
        fit = self._contents.fit(choice.column, field)
        if fit == 0:
            text = gettext_noop("“%(column)s” is named like %(field)s, but its values do not fit.")
        elif choice.how == "content":
            text = gettext_noop("The values of “%(column)s” look like %(field)s.")
        else:
            text = gettext_noop("“%(column)s” may be %(field)s: the names are only similar.")
        return self._asked(field, text, [choice.column, LEAVE_OUT, *self._unmatched], choice.column)

    def _rivals(self, field: Field, choice: ColumnChoice, rivals: Sequence[str]) -> Finding:
        text = gettext_noop("%(field)s could be any of these columns: %(column)s")
        columns = [choice.column, *rivals]
        return self._asked(field, text, [*columns, LEAVE_OUT], ", ".join(columns))

    def _lacking(
        self, choices: Mapping[str, ColumnChoice], settled: Mapping[str, str]
    ) -> Iterator[Finding]:
        for field in self._layer.fields:
            # What a person left out stays as it is on features that exist already.
            if field.required and field.name not in {*choices, *settled, *MADE_UP_LATER}:
                text = gettext_noop("No column was found for %(field)s, which is required.")
                asked = self._asked(field, text, list(self._unmatched), "")
                yield replace(asked, options=(*asked.options, *self._contents.constants(field)))

    def _asked(self, field: Field, text: str, columns: Sequence[str], named: str) -> Finding:
        options = [(column, _option(column)) for column in dict.fromkeys(columns)]
        return Finding(
            Topic.COLUMNS,
            said(text, field=field.label, column=named),
            must=True,
            about=field.name,
            options=tuple(options[:MOST_OPTIONS]),
        )

    def _other_units(
        self, choices: Mapping[str, ColumnChoice], settled: Mapping[str, str]
    ) -> Iterator[Finding]:
        """A column that has a field's name and a unit that is another kind of thing."""
        names = {
            name: field
            for field in self._layer.fields
            if field.unit and field.name not in {*choices, *settled}
            for name in map(plain, names_of(field))
        }
        for column in self._unmatched:
            header = self._headers[column]
            fields = [names[each.name] for each in header.spellings if each.name in names]
            if header.unit and fields:
                yield _unit_finding(fields[0], header)

    def _unit_of_stated(self, field: Field, choice: ColumnChoice) -> Iterator[Finding]:
        header = self._headers.get(choice.column)
        if header and header.unit and field.unit and not units.fits(header.unit, field):
            yield _unit_finding(field, header)


def _unit_finding(field: Field, header: Header) -> Finding:
    text = gettext_noop(
        "“%(column)s” is in %(unit)s, which cannot become the %(wanted)s of %(field)s."
    )
    return Finding(
        Topic.COLUMNS,
        said(
            text,
            column=header.column,
            unit=header.unit_text,
            wanted=field.unit,
            field=field.label,
        ),
        about=field.name,
    )


def _option(column: str) -> Phrase:
    return Phrase(column, column) if column else said(gettext_noop("Leave out"))
