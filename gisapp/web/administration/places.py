"""The places an administrator may choose: found by name or code, inside their own divisions."""

from dataclasses import dataclass

from django.db.models import Case, Q, When
from django.utils.translation import gettext as _

from gisapp.web.grants import zone_name
from layers.access.administration import Administered, Place
from layers.divisions.names import place_names
from layers.errors import BadRequest
from layers.models import Division

MOST = 12
DIVISION, ZONE, EVERYWHERE = "division", "zone", "everywhere"


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` is what the form sends: `division:433124000000`, `zone:luoxiao`, `everywhere:`."""

    value: str
    name: str
    detail: str


def choices(administered: Administered, text: str) -> list[Choice]:
    """Without a text: the administrator's own divisions and zones as wholes."""
    wanted = text.strip()[:60]
    if "\x00" in wanted:
        return []
    found = [*_divisions(administered, wanted), *_zones(administered, wanted)]
    if administered.scope.everything and not wanted:
        found.insert(0, Choice(f"{EVERYWHERE}:", _("Everywhere"), _("the whole service")))
    return found


def read(value: str) -> Place:
    """Raises BadRequest for what no form of ours sends."""
    kind, _colon, code = value.partition(":")
    if kind == DIVISION and code:
        return Place(division=code)
    if kind == ZONE and code:
        return Place(zone=code)
    if kind == EVERYWHERE and not code:
        return Place()
    raise BadRequest(_("There is no such place."), remedy=_("Choose a place from the list."))


def _divisions(administered: Administered, wanted: str) -> list[Choice]:
    """The shallowest first, exact names before longer ones."""
    if not wanted:
        condition = Q(code__in=[low for low, _high in administered.scope.ranges()])
        condition |= Q(level=Division.Level.PROVINCE)
    elif wanted.isascii() and wanted.isdigit():
        condition = Q(code__startswith=wanted)
    else:
        condition = Q(name__contains=wanted)
    rows = (
        Division.objects.filter(administered.scope.q("code"), condition, valid_to__isnull=True)
        .annotate(
            longer=Case(When(name=wanted, then=0), default=1),
            depth=Case(*(When(level=level, then=at) for at, level in enumerate(Division.Level))),
        )
        .order_by("longer", "depth", "code")
        .values_list("code", "name")[:MOST]
    )
    names = place_names(code for code, _name in rows)
    return [Choice(f"{DIVISION}:{code}", names[code], code) for code, _name in rows]


def _zones(administered: Administered, wanted: str) -> list[Choice]:
    return [
        Choice(f"{ZONE}:{zone.code}", zone_name(zone), _("zone"))
        for zone in administered.zones()
        if wanted in zone.name or wanted.lower() in zone.name_en.lower()
    ]
