"""What a person said about a delivery: laid over what was proposed, never mixed into it.

So a correction is undone by leaving it out, and a new proposal (another table, another column)
keeps what was said before.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from importers.interpretation import (
    ColumnChoice,
    Helmert,
    Interpretation,
    Missing,
    PlaceReading,
    PlaceSource,
)
from importers.matching.stated import CONSTANT


@dataclass(frozen=True, slots=True)
class Corrections:
    """Empty texts and None are what nobody has said anything about.

    `columns`: field to column, "" leaves the field out, "=词" fills it with that word in every row;
    `factors`: field to the number that turns the column's numbers into the field's unit; `values`:
    field to the file's words to codes, "" leaves the cell empty and None takes back what was
    proposed; `divisions`: names to codes. `packed`: 109.42365 means 109°42′36.5″. `confirmed` are
    the findings (by their mark) that a person answered.
    """

    table: str = ""
    source: str = ""
    x: str = ""
    y: str = ""
    wkt: str = ""
    datum: str = ""
    swapped: bool | None = None
    packed: bool | None = None
    parameters: Mapping[str, float] | None = None
    accuracy_m: float | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    divisions: Mapping[str, str] = field(default_factory=dict)
    within: str | None = None
    key: tuple[str, ...] | None = None
    missing: str = ""
    confirmed: tuple[str, ...] = ()

    def with_(self, **changes: Any) -> Self:
        return replace(self, **changes)

    def as_json(self) -> dict[str, Any]:
        """Only what was said."""
        return {name: told for name, told in asdict(self).items() if told not in ("", None, {}, ())}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        known = {each.name for each in fields(cls)}
        kept = {name: value for name, value in told.items() if name in known}
        for name in ("key", "confirmed"):
            if kept.get(name) is not None:
                kept[name] = tuple(kept[name])
        return cls(**kept)

    @property
    def empty(self) -> bool:
        return not self.as_json()

    def on(self, proposed: Interpretation) -> Interpretation:
        """The proposal, with everything that the person said instead."""
        values: dict[str, dict[str, str | None]] = {
            name: dict(words) for name, words in proposed.values.items()
        }
        for name, words in self.values.items():
            values.setdefault(name, {}).update(words)
        return proposed.with_(
            table=self.table or proposed.table,
            place=self.place_on(proposed.place),
            columns=self._columns_on(proposed.columns),
            values={
                name: {word: code for word, code in words.items() if code is not None}
                for name, words in values.items()
            },
            divisions={
                name: code
                for name, code in {**proposed.divisions, **self.divisions}.items()
                if code
            },
            within=proposed.within if self.within is None else self.within,
            key=proposed.key if self.key is None else self.key,
            missing=Missing(self.missing) if self.missing else proposed.missing,
        )

    def place_on(self, proposed: PlaceReading) -> PlaceReading:
        more: dict[str, Any] = {} if self.packed is None else {"packed": self.packed}
        return replace(
            proposed,
            **more,
            source=PlaceSource(self.source) if self.source else proposed.source,
            x=self.x or proposed.x,
            y=self.y or proposed.y,
            wkt=self.wkt or proposed.wkt,
            datum=self.datum or proposed.datum,
            datum_column="" if self.datum else proposed.datum_column,
            swapped=proposed.swapped if self.swapped is None else self.swapped,
            parameters=Helmert(**self.parameters) if self.parameters else proposed.parameters,
            accuracy_m=proposed.accuracy_m if self.accuracy_m is None else self.accuracy_m,
        )

    def _columns_on(self, proposed: Mapping[str, ColumnChoice]) -> dict[str, ColumnChoice]:
        """A column that a person gave to one field is no other's."""
        given = {column for column in self.columns.values() if column}
        columns = {
            name: choice
            for name, choice in proposed.items()
            if name not in self.columns and choice.column not in given
        }
        for name, column in self.columns.items():
            if not column:
                continue
            before = proposed.get(name)
            if column.startswith(CONSTANT):
                # Made of it by the matching, which knows the code.
                columns |= {name: before} if before is not None else {}
                continue
            same = before is not None and before.column == column
            factor = before.factor if before is not None and same else None
            columns[name] = ColumnChoice(column, 1.0, "stated", factor)
        for name, text in self.factors.items():
            if name in columns:
                columns[name] = replace(columns[name], factor=factor_of(text))
        return columns


def factor_of(text: str) -> Decimal | None:
    """Raises ValueError for a text that is no positive number; 1 is no factor."""
    try:
        factor = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not factor.is_finite() or factor <= 0:
        raise ValueError(text)
    return None if factor == 1 else factor
