"""Packs in the background: asked for, made, cancelled, handed out, removed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers.access import policy
from layers.access.policy import Actor, signed_in
from layers.access.rasters import visible_rasters
from layers.access.roles import Action
from layers.errors import Conflict, Forbidden, NotFound
from layers.models.access import User
from layers.models.order import ACTIVE
from layers.orders import course
from layers.orders.files import new_folder
from layers.pulse import Pulse
from tiles.models import Pack
from tiles.packs.area import Area, AreaKind, named_area
from tiles.packs.building import PackCancelled, Progress, build
from tiles.packs.wish import Wish, check

MOST_ACTIVE = 2
"""Of one account at a time: each holds a worker."""
State = Pack.State


def begin_pack(*, actor: User, wish: Wish) -> Pack:
    """Check the wish, keep it, and hand it to a worker when the transaction commits.

    Raises what `check` refuses, and Conflict for too many at a time.
    """
    with transaction.atomic():
        pack = keep(actor=actor, wish=wish)
        transaction.on_commit(lambda: enqueue(pack))
    return pack


def keep(*, actor: User, wish: Wish) -> Pack:
    """The wish as a pack that waits; in a transaction. Raises as begin_pack does."""
    check(wish, actor)
    if course.under_way(Pack, actor) >= MOST_ACTIVE:
        raise Conflict(
            _("%(most)d of your packs are being made already.") % {"most": MOST_ACTIVE},
            remedy=_("Wait until one is done, or cancel one."),
        )
    return Pack.objects.create(
        owner=actor,
        area=wish.area.kind,
        code=wish.area.code,
        name=wish.area.name,
        shape=wish.area.shape,
        layers=list(wish.layers),
        raster=wish.raster,
        max_zoom=wish.max_zoom,
        budget=wish.budget,
        language=get_language() or "zh-hans",
        prefixes=list(policy.scope(actor).prefixes),
    )


def enqueue(pack: Pack) -> None:
    from tiles.packs.tasks import make_pack  # The task imports this module.

    make_pack.enqueue(str(pack.uid))


def run(uid: UUID, told: Callable[[Progress], None] = lambda _progress: None) -> None:
    """What a worker does; nothing where the pack was cancelled before. One whose worker died is
    made again from the beginning: half of one would be of another moment.

    Raises AlreadyUnderWay where another worker is at it.
    """
    with Pulse(Pack, uid) as pulse:
        begun = {"state": State.RUNNING, "progress": {}, "heartbeat": timezone.now()}
        if not Pack.objects.filter(uid=uid, state__in=ACTIVE).update(**begun):
            return
        pack = Pack.objects.select_related("owner").get(uid=uid)
        pack.attempts += 1
        pack.save(update_fields=["attempts"])

        def tell(progress: Progress) -> None:
            pulse.tell(told_progress(progress))
            told(progress)

        with translation.override(pack.language):
            course.carry_out(
                pack,
                lambda: _made(pack, tell, pulse.cancelled),
                cancelled=PackCancelled,
                broken=_("The pack broke off by an error of the service."),
            )


def _made(
    pack: Pack, tell: Callable[[Progress], None], cancelled: Callable[[], bool]
) -> dict[str, Any]:
    new_folder(pack)
    built = build(
        actor=pack.owner,
        wish=wish_of(pack),
        folder=pack.folder,
        progress=tell,
        cancelled=cancelled,
    )
    return {"manifest": built.manifest, "prefixes": list(built.prefixes), "size": built.size}


def wish_of(pack: Pack) -> Wish:
    """The area is the one that was asked for: a division's boundary may have moved since."""
    return Wish(area_of(pack), pack.layers, pack.raster, pack.max_zoom, pack.budget)


def area_of(pack: Pack) -> Area:
    if pack.area == AreaKind.DRAWN:
        return Area.drawn(pack.shape, pack.name)
    found = named_area(pack.code, pack.owner)
    return Area(found.kind, found.code, found.name, pack.shape, found.divisions)


def told_progress(progress: Progress) -> dict[str, Any]:
    plan = progress.estimate
    return {
        "done": progress.done,
        "total": progress.total,
        "bytes": progress.bytes,
        "max_zoom": plan.max_zoom if plan else None,
        "lowered": plan.lowered if plan else False,
    }


def visible_pack(user: Actor, uid: UUID) -> Pack:
    """One's own, or one of a place that the reader administers. Raises NotFound for all others."""
    signed_in(user)
    found = Pack.objects.filter(uid=uid).first()
    if found is None or (found.owner_id != user.pk and not _administers(user, found)):
        raise NotFound(_("There is no such pack."), remedy=_("It may have expired: make it again."))
    return found


def _administers(user: Actor, pack: Pack) -> bool:
    return bool(pack.prefixes) and policy.still_covers(user, pack.prefixes, Action.ADMINISTER)


def cancel(*, actor: Actor, uid: UUID) -> Pack:
    """One that waits is cancelled now, one that is being made stops at its next tile."""
    pack = visible_pack(actor, uid)
    course.cancel(pack)
    return pack


def remove(*, actor: Actor, uid: UUID) -> None:
    """The files and the line in the list. Raises Conflict for one that is still being made."""
    pack = cancel(actor=actor, uid=uid)
    if pack.active:
        raise Conflict(
            _("The pack is being cancelled."), remedy=_("Remove it when it has stopped.")
        )
    course.discard(pack)


def obtainable(user: Actor, pack: Pack) -> bool:
    """Whether the reader may have the files now: grants end, and rasters are taken off the map, or
    make room for another one of their name."""
    if not policy.still_covers(user, pack.prefixes):
        return False
    if not pack.raster:
        return True
    raster = pack.manifest["raster"]
    return visible_rasters(user).filter(name=raster["name"], sha256=raster["sha256"]).exists()


def file_of(user: Actor, uid: UUID, name: str) -> tuple[Pack, dict[str, Any], Path]:
    """The pack, what its manifest says of the file, and its path. Raises NotFound, Conflict before
    it is done, Forbidden where the reader may no longer see all that is in it."""
    pack = visible_pack(user, uid)
    if pack.state != State.DONE:
        raise Conflict(_("The pack is not done."), remedy=_("Wait until it is."))
    if not obtainable(user, pack):
        raise Forbidden(
            _("The pack holds what you may not see now: your grants have changed, or its raster."),
            remedy=_("Make it again of what you may see now."),
        )
    told = next((each for each in pack.manifest["files"] if each["name"] == name), None)
    path = pack.folder / name
    if told is None or pack.expired or not path.is_file():
        raise NotFound(_("The file has expired."), remedy=_("Make the pack again."))
    return pack, told, path
