"""Named band maths, where a file says which of its bands is which."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from layers.errors import BadRequest
from tiles.rasters.expression import Expression, read_expression


@dataclass(frozen=True, slots=True)
class Preset:
    """`channels` with colours in braces for bands; `rescale` None is each band's own stretch."""

    channels: tuple[str, ...]
    rescale: tuple[float, float] | None = None
    colormap: str = ""


_PRESETS = {
    # Rouse et al. 1974; McFeeters 1996; the usual "colour infrared".
    "ndvi": Preset(("({nir}-{red})/({nir}+{red})",), (-0.2, 0.9), "rdylgn"),
    "ndwi": Preset(("({green}-{nir})/({green}+{nir})",), (-0.8, 0.8), "blues"),
    "infrared": Preset(("{nir}", "{red}", "{green}")),
}
PRESETS: Mapping[str, int] = {name: len(each.channels) for name, each in _PRESETS.items()}
"""How many channels each has."""

COLOURS = {
    "red": re.compile(r"red|红|红波段", re.IGNORECASE),
    "green": re.compile(r"green|绿|绿波段", re.IGNORECASE),
    "blue": re.compile(r"blue|蓝|蓝波段", re.IGNORECASE),
    "nir": re.compile(r"nir|near[ -]infrared|近红外|近红外波段", re.IGNORECASE),
}
"""What the name or the colour of a band is, in whole, when it is that band."""


def resolved(name: str, dataset: Any) -> tuple[Preset, tuple[Expression, ...]]:
    """Raises BadRequest where the file does not say which bands those are."""
    preset = _PRESETS[name]
    places = band_places(dataset)
    wanted = set(re.findall(r"{(\w+)}", "".join(preset.channels)))
    missing = sorted(wanted - set(places))
    if missing:
        raise BadRequest(
            _("The raster does not say which of its bands is: %(colours)s.")
            % {"colours": ", ".join(missing)},
            remedy=_("Write the expression with band numbers, for example (b4-b3)/(b4+b3)."),
        )
    bands = {colour: f"b{number}" for colour, number in places.items()}
    texts = [each.format(**bands) for each in preset.channels]
    return preset, tuple(read_expression(each, dataset.count) for each in texts)


def band_places(dataset: Any) -> dict[str, int]:
    """Numbers of the bands by colour, by their names where they have any, else by the file's."""
    places: dict[str, int] = {}
    labels = [
        (dataset.descriptions[number - 1] or "", dataset.colorinterp[number - 1].name)
        for number in dataset.indexes
    ]
    for column in (1, 0):
        for number, label in enumerate(labels, start=1):
            for colour, pattern in COLOURS.items():
                if pattern.fullmatch(label[column].strip()):
                    places[colour] = number
    return places
