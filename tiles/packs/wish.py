"""What a pack is asked to be, checked before anything is made."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from shapely.geometry import box

from layers.access.policy import Actor
from layers.errors import Rejected
from layers.models.raster import Raster
from layers.registry import LAYERS, layer_named
from tiles.coordinates import DEEPEST
from tiles.packs.area import Area, require_inside
from tiles.rasters.catalogue import visible_raster, zooms
from tiles.statements import REFERENCES

EVERY_LAYER = (*REFERENCES, *LAYERS)
"""Boundaries first: they are drawn below."""
MAX_ZOOM = 14
"""Where names are drawn and a step of a tile's grid is 60 cm: browsers enlarge from here."""
MEGABYTE = 1_000_000
BUDGET = 50 * MEGABYTE
MOST_BUDGET = 2000 * MEGABYTE
MOST_TILES = 100_000
"""Measured some 60 tiles/s of all layers: half an hour."""


@dataclass(frozen=True, slots=True)
class Wish:
    """`budget` in bytes, of all files together; `raster` "" is none."""

    area: Area
    layers: Sequence[str] = EVERY_LAYER
    raster: str = ""
    max_zoom: int = MAX_ZOOM
    budget: int = BUDGET


def check(wish: Wish, user: Actor) -> Raster | None:
    """The raster, where one is asked for.

    Raises LoginRequired, Forbidden outside the reader's divisions, NotFound for a layer or raster
    that is not there for them, Rejected for what no pack can be.
    """
    require_inside(user, wish.area)
    for name in wish.layers:
        if name not in REFERENCES:
            layer_named(name)
    if not wish.layers or len(set(wish.layers)) != len(wish.layers):
        raise Rejected(_("Choose at least one layer, and each only once."))
    _check_numbers(wish)
    return _raster(wish, user) if wish.raster else None


def _check_numbers(wish: Wish) -> None:
    if not 0 <= wish.max_zoom <= DEEPEST:
        raise Rejected(
            _("There is no zoom %(zoom)d.") % {"zoom": wish.max_zoom},
            remedy=_("Zooms are 0 to %(most)d.") % {"most": DEEPEST},
        )
    if not 0 < wish.budget <= MOST_BUDGET:
        raise Rejected(
            _("The budget must be above 0 and at most %(most)d MB.")
            % {"most": MOST_BUDGET // MEGABYTE}
        )


def _raster(wish: Wish, user: Actor) -> Raster:
    raster = visible_raster(user, wish.raster)
    if not box(*raster.box).intersects(box(*wish.area.bounds)):
        raise Rejected(
            _("The raster has no part of the area."), remedy=_("Choose another, or none.")
        )
    if wish.max_zoom < zooms(raster).start:
        raise Rejected(
            _("The raster has tiles from zoom %(least)d on.") % {"least": zooms(raster).start},
            remedy=_("Choose a higher zoom, or no raster."),
        )
    return raster
