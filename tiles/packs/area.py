"""What a pack is of: a division, a zone, or a drawn area."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.utils.translation import gettext as _

from layers.access import policy
from layers.access.policy import Actor, Scope, division_prefix, zone_scope
from layers.access.roles import Action
from layers.crs import CGCS2000
from layers.divisions import Bounds
from layers.errors import Forbidden, NotFound, Rejected
from layers.models.division import Division
from layers.models.zone import Zone
from layers.registry import LAYERS
from tiles.packs.shapes import inside_province, outside_province

MARGIN_DEGREES = 0.005
"""Some 500 m around what is there."""


class AreaKind(StrEnum):
    DIVISION = "division"
    ZONE = "zone"
    DRAWN = "drawn"


@dataclass(frozen=True, slots=True)
class Area:
    """`shape` in EPSG:4490; `divisions` are those it has a part of; a drawn area has no code."""

    kind: AreaKind
    code: str
    name: str
    shape: MultiPolygon
    divisions: Scope

    @property
    def bounds(self) -> Bounds:
        return Bounds(*self.shape.extent)

    @classmethod
    def drawn(cls, shape: MultiPolygon, name: str = "") -> Self:
        """A shape that has been checked (tiles.packs.shapes). Raises Rejected where it lies in the
        province's box, but in none of its counties."""
        counties = Division.objects.filter(
            level=Division.Level.COUNTY, valid_to__isnull=True, boundary__intersects=shape
        )
        prefixes = [division_prefix(code) for code in counties.values_list("code", flat=True)]
        if not prefixes:
            raise outside_province()
        return cls(AreaKind.DRAWN, "", name, shape, Scope.of(prefixes))


def named_area(text: str, user: Actor) -> Area:
    """A division by code or name, or a zone by code. Raises NotFound, Rejected for a name that
    several divisions have or a division whose extent is not known."""
    if "\x00" in text:
        raise _unknown(text)
    zone = Zone.objects.filter(code=text).first()
    if zone is not None:
        return _zone_area(zone)
    found = list(
        Division.objects.filter(valid_to__isnull=True).filter(
            **({"code": text} if text.isascii() and text.isdigit() else {"name": text})
        )[:2]
    )
    if not found:
        raise _unknown(text)
    if len(found) > 1:
        raise Rejected(
            _("Several divisions are called “%(name)s”.") % {"name": text},
            remedy=_("Give its code of 12 digits."),
        )
    return _division_area(found[0], user)


def _unknown(text: str) -> NotFound:
    return NotFound(
        _("There is no division or zone “%(name)s”.") % {"name": text[:60]},
        remedy=_("Give a code or the full name."),
    )


def _zone_area(zone: Zone) -> Area:
    if zone.boundary is None:
        raise Rejected(_("The boundary of this zone is not known."))
    shape = inside_province(zone.boundary)
    return Area(AreaKind.ZONE, zone.code, zone.name, shape, zone_scope(zone.code))


def _division_area(division: Division, user: Actor) -> Area:
    prefixes = Scope.of([division_prefix(division.code)])
    shape = division.boundary or _extent(division, policy.narrowed(policy.scope(user), prefixes))
    return Area(AreaKind.DIVISION, division.code, division.name, inside_province(shape), prefixes)


def _extent(division: Division, scope: Scope) -> Any:
    """Townships and villages have no boundary: the box of what the reader sees there, cut to the
    county. Raises Rejected where nothing is."""
    county = Division.objects.filter(
        code=division.code[:6].ljust(12, "0"), boundary__isnull=False
    ).first()
    boxes = [
        box
        for layer in LAYERS.values()
        if (box := layer.rows.filter(scope.q()).aggregate(box=Extent("geom"))["box"])
    ]
    if county is None or county.boundary is None or not boxes:
        raise Rejected(
            _("The extent of “%(name)s” is not known.") % {"name": division.name},
            remedy=_("Take its county, or draw the area."),
        )
    wests, souths, easts, norths = zip(*boxes, strict=True)
    around = MARGIN_DEGREES
    box = Polygon.from_bbox(
        (min(wests) - around, min(souths) - around, max(easts) + around, max(norths) + around)
    )
    box.srid = CGCS2000
    return county.boundary.intersection(box)


def require_inside(user: Actor, area: Area) -> None:
    """Raises LoginRequired, or Forbidden where the reader's grants reach no part of the area."""
    seen = policy.require_somewhere(user, Action.VIEW)
    if policy.narrowed(seen, area.divisions).empty:
        raise _not_yours(area)


def _not_yours(area: Area) -> Forbidden:
    if area.kind == AreaKind.DRAWN:
        return Forbidden(
            _("No part of the drawn area is in your divisions."),
            remedy=_("Draw it inside them, or ask the administrator for a grant there."),
        )
    return Forbidden(
        _("Your account may not do this here."),
        remedy=_("Ask the administrator for a grant in this division."),
    )
