"""What a request wants drawn, from its query: checked against the raster's row, its file unopened.

`/rasters/{name}/{z}/{x}/{y}.png?render=slope&rescale=0,45&colormap=magma&v=3`
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from django.http import QueryDict
from django.utils.translation import gettext as _

from layers.errors import BadRequest
from layers.models.raster import Raster, RasterKind
from tiles.rasters.colours import COLORMAPS
from tiles.rasters.expression import Expression, read_expression
from tiles.rasters.presets import PRESETS

PARAMETERS = ("render", "expression", "preset", "rescale", "colormap")
VERSION = "v"
"""In the addresses of TileJSON: a tile at an address with the current version may be kept long."""
CHANNELS = (1, 3)
_NUMBER = r"[+-]?\d{1,16}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?"
_RESCALE = re.compile(rf"({_NUMBER}),({_NUMBER})", re.ASCII)


class Render(StrEnum):
    COLOURS = ""
    HILLSHADE = "hillshade"
    SLOPE = "slope"
    TERRAIN_RGB = "terrain-rgb"


@dataclass(frozen=True, slots=True)
class Asked:
    """`channels` is empty where the raster's own bands are drawn; one or three otherwise."""

    render: Render = Render.COLOURS
    channels: tuple[Expression, ...] = ()
    preset: str = ""
    rescale: tuple[float, float] | None = None
    colormap: str = ""

    @classmethod
    def of(cls, query: QueryDict, raster: Raster) -> Self:
        """Raises BadRequest for what is unknown, malformed or does not go together."""
        given = _given(query)
        asked = cls(
            render=_render(given.get("render", "")),
            channels=_channels(given.get("expression", ""), raster),
            preset=_one_of(PRESETS, given, "preset"),
            rescale=_rescale(given.get("rescale", "")),
            colormap=_one_of(COLORMAPS, given, "colormap"),
        )
        asked._check_together(raster)
        return asked

    @property
    def query(self) -> dict[str, str]:
        """The parameters that say the same in one way: of ETags, keys of the cache, addresses."""
        told = {
            "render": self.render.value,
            "expression": ";".join(each.text for each in self.channels),
            "preset": self.preset,
            "rescale": ",".join(_written(value) for value in self.rescale or ()),
            "colormap": self.colormap,
        }
        return {name: value for name, value in told.items() if value}

    def _check_together(self, raster: Raster) -> None:
        if self.render and raster.kind != RasterKind.ELEVATION:
            raise BadRequest(
                _("“%(render)s” is drawn from elevation only.") % {"render": self.render},
                remedy=_("Leave out render=, or ask an elevation model."),
            )
        if len([each for each in (self.render, self.channels, self.preset) if each]) > 1:
            raise _apart(["render", "expression", "preset"])
        if self.render in {Render.HILLSHADE, Render.TERRAIN_RGB} and (
            self.rescale or self.colormap
        ):
            raise _apart([f"render={self.render}", "rescale, colormap"])
        if self.colormap and self._channel_count(raster) == max(CHANNELS):
            raise _apart(["colormap", _("three bands")])
        computed = [each for each in self.channels if each.single_band is None]
        if computed and not self.rescale:
            raise BadRequest(
                _("It is not known which values the expression takes."),
                remedy=_("State them, for example rescale=-1,1."),
            )

    def _channel_count(self, raster: Raster) -> int:
        if self.render:
            return 1
        return len(self.channels) or PRESETS.get(self.preset) or own_channels(raster)


def own_channels(raster: Raster) -> int:
    """Of a raster that is drawn as it is: three of a picture that has as many bands."""
    many = raster.kind == RasterKind.IMAGERY and raster.bands >= max(CHANNELS)
    return max(CHANNELS) if many else 1


def _given(query: QueryDict) -> dict[str, str]:
    for name in query:
        if name not in (*PARAMETERS, VERSION):
            raise BadRequest(
                _("There is no parameter “%(name)s”.") % {"name": name[:40]},
                remedy=_("Known are: %(names)s.") % {"names": ", ".join((*PARAMETERS, VERSION))},
            )
        if len(query.getlist(name)) > 1:
            raise BadRequest(
                _("“%(name)s” is stated twice.") % {"name": name}, remedy=_("State it once.")
            )
    return {name: value for name, value in query.items() if isinstance(value, str)}


def _render(text: str) -> Render:
    if text not in set(Render):
        raise _unknown("render", text, [each.value for each in Render if each])
    return Render(text)


def _one_of(known: Mapping[str, object], given: Mapping[str, str], parameter: str) -> str:
    text = given.get(parameter, "")
    if text and text not in known:
        raise _unknown(parameter, text, list(known))
    return text


def _channels(text: str, raster: Raster) -> tuple[Expression, ...]:
    if not text:
        return ()
    parts = text.split(";", max(CHANNELS))
    if len(parts) not in CHANNELS:
        raise BadRequest(
            _("An expression has one part, or three for red, green and blue."),
            remedy=_("Separate them with semicolons: b4;b3;b2."),
        )
    return tuple(read_expression(part, raster.bands) for part in parts)


def _rescale(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    found = _RESCALE.fullmatch(text)
    low, high = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
    if not (math.isfinite(high - low) and low < high):
        raise BadRequest(
            _("“rescale” is not two numbers, the lower first."),
            remedy=_("For example rescale=0,45."),
        )
    return low, high


def _written(value: float) -> str:
    """In the fewest digits that are read as the same number: what differs is another tile.

    >>> _written(45.0), _written(1234567.5)
    ('45', '1234567.5')
    """
    return repr(value).removesuffix(".0")


def _unknown(parameter: str, value: str, known: list[str]) -> BadRequest:
    return BadRequest(
        _("There is no %(parameter)s “%(value)s”.") % {"parameter": parameter, "value": value[:40]},
        remedy=_("Known are: %(names)s.") % {"names": ", ".join(known)},
    )


def _apart(parameters: list[str]) -> BadRequest:
    return BadRequest(
        _("These do not go together: %(names)s.") % {"names": " / ".join(parameters)},
        remedy=_("Leave one of them out."),
    )
