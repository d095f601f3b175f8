"""What a person says about a delivered raster, over what its file and its name suggest."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import PurePath
from typing import Any, Self

from django.utils.translation import gettext as _

from importers.models import Delivery
from importers.places.datum_names import DATUM_NAMES
from importers.rasters.cards import CardProblem, card_problems
from importers.rasters.description import RasterDescription
from importers.rasters.encoding import RGB, Kind
from importers.rasters.placing import Place, placed
from importers.rasters.registering import Card, require_room
from layers.errors import Conflict, Rejected
from layers.models.access import User
from layers.models.division import Division
from layers.models.raster import RasterKind

LONGEST_NAME = 50
_BETWEEN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Stated:
    """The card and how to convert. Empty texts: nothing is said; `datum` overrides the file's."""

    name: str = ""
    title: str = ""
    kind: str = ""
    division: str = ""
    datum: str = ""
    source: str = ""
    licence: str = ""
    map_number: str = ""
    public: bool = False
    lossless: bool = False
    replace: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in told.items() if name in known})

    def with_(self, **changes: Any) -> Self:
        return replace(self, **changes)


def stated(delivery: Delivery, found: RasterDescription) -> Stated:
    """What was said, and for the rest what is suggested."""
    suggested = _suggestion(delivery, found)
    return Stated.from_json({**suggested.as_json(), **delivery.corrections})


def _suggestion(delivery: Delivery, found: RasterDescription) -> Stated:
    stem = PurePath(delivery.name).stem
    kind, place = _likely_kind(found), delivery.division_id
    slug = _BETWEEN.sub("-", stem.lower()).strip("-")[:LONGEST_NAME].rstrip("-")
    return Stated(name=slug or f"{kind}-{place[:6]}", title=stem[:100], kind=kind, division=place)


def _likely_kind(found: RasterDescription) -> str:
    """Several bands are a picture; one of few or coloured values are classes; else heights."""
    if found.value_bands >= RGB:
        return Kind.IMAGERY
    return Kind.THEMATIC if found.palette or found.dtype == "uint8" else Kind.ELEVATION


def division_of(said: Stated) -> Division:
    """Raises Rejected for none."""
    division = Division.objects.filter(code=said.division, valid_to__isnull=True).first()
    if division is None:
        raise Rejected(
            _("There is no division “%(code)s”.") % {"code": said.division[:12]},
            remedy=_("Choose the place that the raster shows."),
        )
    return division


def card_of(said: Stated) -> Card:
    """For a card without problems."""
    return Card(
        name=said.name,
        title=said.title,
        kind=RasterKind(said.kind),
        division=division_of(said),
        public=said.public,
        source=said.source,
        licence=said.licence,
        map_number=said.map_number,
    )


def place_of(found: RasterDescription, said: Stated) -> Place:
    """Where it would be on the map. Raises Rejected with the reason and what to do."""
    kind = Kind(said.kind) if said.kind in set(Kind) else Kind.IMAGERY
    return placed(found, kind, division_of(said), said.datum or None)


def fitting_datums(found: RasterDescription, said: Stated) -> list[str]:
    """References of the datums in which the raster would lie in its division: evidence, no more."""
    fitting = []
    for number in DATUM_NAMES.values():
        reference = f"EPSG:{number}"
        try:
            place_of(found, said.with_(datum=reference))
        except Rejected:
            continue
        fitting.append(reference)
    return fitting


def problems_of(actor: User, found: RasterDescription, said: Stated) -> list[CardProblem]:
    """All that has to be settled before it can be converted. Raises Forbidden."""
    problems = card_problems(said.as_json())
    try:
        place_of(found, said)
    except Rejected as refusal:
        problems.append(CardProblem("datum", str(refusal.message), str(refusal.remedy)))
    if problems:
        return problems
    try:
        require_room(actor, card_of(said), replace=said.replace)
    except Conflict as refusal:
        problems.append(CardProblem("name", str(refusal.message), str(refusal.remedy)))
    return problems
