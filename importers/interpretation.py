"""What the service makes of a delivered file: proposed by it, corrected by a person, carried out.

A plain value that goes to JSON and back: kept with a run, remembered as a profile for the next file
of the same shape. Nothing in it is a row's data except labels of code lists and names of divisions.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self


class PlaceSource(StrEnum):
    """Where in the file a row's place is written."""

    GEOMETRY = "geometry"
    COLUMNS = "columns"
    WKT = "wkt"
    NONE = "none"


class Missing(StrEnum):
    """What becomes of features that the delivery should hold and does not."""

    KEEP = "keep"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Helmert:
    """Seven parameters from the file's datum to CGCS2000, position vector convention (EPSG:9606).

    Translations in metres, rotations in arc seconds, scale in parts per million.
    """

    dx: float
    dy: float
    dz: float
    rx: float = 0.0
    ry: float = 0.0
    rz: float = 0.0
    scale: float = 0.0


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """How places are read.

    `x` and `y` are the columns of easting or longitude and of northing or latitude, `wkt` that of a
    text geometry or of both ordinates in one cell. `swapped` says that a geometry's ordinates come
    as (north, east); swapped columns are simply named the other way round. `packed` says that
    109.42365 means 109°42′36.5″. `datum` is a name that importers.places.datums knows
    ("EPSG:4525", "cgcs2000-3-cm111", "gcj02", …); empty where there are no places. Xian 1980 and
    Beijing 1954 need `parameters`, or `accuracy_m`: the error in metres that a person accepted.
    `datum_column` is the column that the datum is from, "" where it is from elsewhere: a row that
    states another in it is refused.
    """

    source: PlaceSource = PlaceSource.GEOMETRY
    x: str = ""
    y: str = ""
    wkt: str = ""
    datum: str = ""
    swapped: bool = False
    packed: bool = False
    parameters: Helmert | None = None
    accuracy_m: float | None = None
    datum_column: str = ""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """The column that fills a field.

    `how` is one of name, label, alias, abbreviation, cut, content, profile, stated; `confidence`
    goes from 0 to 1. `factor` turns the column's numbers into the field's unit (万元 → 元: 10000).
    """

    column: str
    confidence: float = 1.0
    how: str = "stated"
    factor: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Interpretation:
    """`columns`: field name to choice. `values`: field name to the file's words to codes.

    `divisions`: the file's names of divisions to codes; `within` is the code that names are looked
    for in, "" for the whole province. `key` are the fields by which a row is recognised as a
    feature that exists; empty: every row is new.

    A choice whose column is "" fills its field without one: with the code that `values` has for "",
    the empty cell. `division_columns` are set where the division is named level by level in columns
    of their own, from the highest (县) down (村); the choice for "division" is the last of them.
    """

    table: str = ""
    place: PlaceReading = field(default_factory=PlaceReading)
    columns: Mapping[str, ColumnChoice] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    divisions: Mapping[str, str] = field(default_factory=dict)
    within: str = ""
    key: tuple[str, ...] = ()
    missing: Missing = Missing.KEEP
    division_columns: tuple[str, ...] = ()

    def with_(self, **changes: Any) -> Self:
        return replace(self, **changes)

    def as_json(self) -> dict[str, Any]:
        told = asdict(self)
        for choice in told["columns"].values():
            choice["factor"] = None if choice["factor"] is None else str(choice["factor"])
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError, ValueError for what as_json did not write."""
        place = dict(told["place"])
        parameters = place.pop("parameters", None)
        return cls(
            table=str(told["table"]),
            place=PlaceReading(
                **{
                    **place,
                    "source": PlaceSource(place["source"]),
                    "parameters": Helmert(**parameters) if parameters else None,
                }
            ),
            columns={name: _choice(each) for name, each in told["columns"].items()},
            values={name: dict(words) for name, words in told["values"].items()},
            divisions=dict(told["divisions"]),
            within=str(told["within"]),
            key=tuple(told["key"]),
            missing=Missing(told["missing"]),
            division_columns=tuple(told.get("division_columns", ())),
        )


def _choice(told: Mapping[str, Any]) -> ColumnChoice:
    factor = told.get("factor")
    return ColumnChoice(
        column=str(told["column"]),
        confidence=float(told["confidence"]),
        how=str(told["how"]),
        factor=None if factor is None else Decimal(factor),
    )
