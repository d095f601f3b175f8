"""Puts a converted raster in its place: file, row and journal entry together, or none of them."""

import shutil
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext as _

from importers.rasters.placing import Place
from layers.access import policy
from layers.access.rasters import visible_rasters
from layers.access.roles import Action
from layers.crs import CGCS2000
from layers.errors import Conflict, NotFound
from layers.models.access import User
from layers.models.division import Division
from layers.models.raster import RASTER_FOLDER, Raster, RasterEvent, RasterKind
from layers.turns import take_turn

Kind = RasterEvent.Kind


@dataclass(frozen=True, slots=True)
class Card:
    """What a person says about a raster."""

    name: str
    title: str
    kind: RasterKind
    division: Division
    public: bool = False
    source: str = ""
    licence: str = ""
    map_number: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A converted file, and what is in it as another process has verified."""

    file: Path
    sha256: str
    size: int
    bands: int
    dtype: str
    nodata: float | None
    statistics: list[dict[str, Any]]


def require_room(actor: User, card: Card, *, replace: bool) -> Raster | None:
    """The raster that has the name, if it may be replaced. Raises Conflict or Forbidden.

    A removed one gives its name away, to whoever may import where it was.
    """
    policy.require(actor, Action.IMPORT, card.division.code)
    known = Raster.objects.filter(name=card.name).select_related("division").first()
    if known is None:
        return None
    policy.require(actor, Action.IMPORT, known.division_id)
    if known.removed_at is None and not replace:
        raise Conflict(
            _("There is a raster “%(name)s” already.") % {"name": card.name},
            remedy=_("Give it another name, or have it replace that one."),
            detail={"control": "replace"},
        )
    return known


def register(*, actor: User, card: Card, place: Place, made: Made, replace: bool) -> Raster:
    """The raster as it is now. The file is moved; what it replaces is deleted at commit."""
    with transaction.atomic():
        take_turn(_key(card.name))
        known = require_room(actor, card, replace=replace)
        raster = _row(actor, card, place, made, known)
        _move(made.file, raster.path)
        raster.full_clean()
        raster.save()
        _journal(Kind.REPLACED if known else Kind.IMPORTED, actor, raster)
        transaction.on_commit(lambda: sweep(card.name))
    return raster


def remove(*, actor: User, name: str, version: int | None = None) -> Raster:
    """Takes the raster off the map and deletes its file. Raises NotFound or Forbidden, and Conflict
    where `version` is meant and is not the one that is there."""
    with transaction.atomic():
        take_turn(_key(name))
        raster = visible_rasters(actor).filter(name=name).first()
        if raster is None:
            raise NotFound(_("There is no raster “%(name)s”.") % {"name": name})
        policy.require(actor, Action.IMPORT, raster.division_id)
        if version not in (None, raster.version):
            raise Conflict(
                _("The raster “%(name)s” has been replaced since.") % {"name": name},
                remedy=_("What is on the map now came with another delivery; remove it there."),
            )
        raster.removed_at = timezone.now()
        raster.save(update_fields=["removed_at"])
        _journal(Kind.REMOVED, actor, raster)
        transaction.on_commit(lambda: sweep(name))
    return raster


def sweep(name: str) -> None:
    """Delete what lies in the raster's folder and is not its file, a crash's leavings too.

    In its turn: a file is put there and becomes the raster's file while nobody else looks.
    """
    with transaction.atomic():
        take_turn(_key(name))
        current = Raster.objects.filter(name=name, removed_at=None).first()
        folder = settings.MEDIA_ROOT / RASTER_FOLDER / name
        for path in folder.iterdir() if folder.exists() else ():
            if current is None or path != current.path:
                path.unlink()


def _key(name: str) -> str:
    return f"raster:{name}"


def _row(actor: User, card: Card, place: Place, made: Made, known: Raster | None) -> Raster:
    """Not saved yet: the known raster with everything new but who made it first, or a new one."""
    raster = known or Raster(created_by=actor, version=0)
    fields = {
        **{each.name: getattr(card, each.name) for each in dataclass_fields(card)},
        **{each.name: getattr(made, each.name) for each in dataclass_fields(made)},
        "file": f"{RASTER_FOLDER}/{card.name}/{made.sha256}.tif",
        "version": raster.version + 1,
        "replaced_at": timezone.now() if known else None,
        "removed_at": None,
        "bounds": _polygon(place),
        "min_zoom": place.block.min_zoom,
        "max_zoom": place.block.zoom,
        "resolution_m": place.resolution_m,
        "source_datum": place.datum.name,
    }
    for name, value in fields.items():
        setattr(raster, name, value)
    return raster


def _polygon(place: Place) -> Polygon:
    box = Polygon.from_bbox(place.bounds)
    box.srid = CGCS2000
    return box


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)
    target.chmod(0o640)


_NOT_JOURNALLED = {"id", "statistics", "bounds", "nodata"}


def _journal(kind: Kind, actor: User, raster: Raster) -> None:
    fields = model_to_dict(raster, exclude=_NOT_JOURNALLED)
    details = {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in fields.items()
    }
    RasterEvent.objects.create(
        kind=kind,
        raster=raster,
        actor=actor,
        version=raster.version,
        sha256=raster.sha256,
        details={**details, "bounds": list(raster.box)},
    )
