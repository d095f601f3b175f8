"""What values are checked against, read once for a whole batch of edits."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from shapely import Point

from layers.codes import CodeLists, code_lists
from layers.divisions import CountyLocator, county_at
from layers.models.division import Division
from layers.registry.specification import Layer

FEW = 40
"""Beyond so many places, loading every county's boundary is quicker than asking for each."""


@dataclass
class Lists:
    """Code lists, divisions and counties; each is asked for in the database at most once."""

    codes: dict[str, CodeLists] = field(default_factory=dict)
    divisions: dict[str, bool] = field(default_factory=dict)
    counties: dict[tuple[float, float], str | None] = field(default_factory=dict)
    _locator: CountyLocator | None = None

    def codes_of(self, layer: Layer) -> CodeLists:
        if layer.name not in self.codes:
            self.codes[layer.name] = code_lists(
                *{each.codes for each in layer.fields if each.codes}
            )
        return self.codes[layer.name]

    def is_division(self, code: str) -> bool:
        if code not in self.divisions:
            self.look_up_divisions([code])
        return self.divisions[code]

    def look_up_divisions(self, codes: Iterable[str]) -> None:
        wanted = {code for code in codes if code not in self.divisions}
        known = set(Division.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        self.divisions |= {code: code in known for code in wanted}

    def county_at(self, place: tuple[float, float]) -> str | None:
        """One after the other is asked of the database; from FEW on, all boundaries are here."""
        if place not in self.counties:
            self.counties[place] = self._find_county(place)
        return self.counties[place]

    def _find_county(self, place: tuple[float, float]) -> str | None:
        if self._locator is None and len(self.counties) < FEW:
            return county_at(*place)
        if self._locator is None:
            self._locator = CountyLocator()
        return str(self._locator.locate([Point(place)])[0]) or None
