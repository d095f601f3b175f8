"""Packs in the background: asked for, made, cancelled, handed out, removed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers.access import policy
from layers.access.policy import Actor, signed_in
from layers.access.rasters import visible_rasters
from layers.access.roles import Action
from layers.errors import Conflict, Forbidden, NotFound, ServiceError
from layers.models.access import User
from layers.pulse import Pulse
from tiles.models import Pack
from tiles.packs import files
from tiles.packs.area import Area, AreaKind, named_area
from tiles.packs.building import Built, PackCancelled, Progress, build
from tiles.packs.wish import Wish, check

MOST_ACTIVE = 2
"""Of one account at a time: each holds a worker."""
State = Pack.State
ACTIVE = (State.WAITING, State.RUNNING)


def begin_pack(*, actor: User, wish: Wish) -> Pack:
    """Check the wish, keep it, and hand it to a worker when the transaction commits.

    Raises what `check` refuses, and Conflict for too many at a time.
    """
    with transaction.atomic():
        pack = keep(actor=actor, wish=wish)
        transaction.on_commit(lambda: enqueue(pack))
    return pack


def keep(*, actor: User, wish: Wish) -> Pack:
    """The wish as a pack that waits; raises as begin_pack does."""
    check(wish, actor)
    if Pack.objects.filter(owner=actor, state__in=ACTIVE).count() >= MOST_ACTIVE:
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
            _make(pack, tell, pulse.cancelled)


def _make(pack: Pack, tell: Callable[[Progress], None], cancelled: Callable[[], bool]) -> None:
    try:
        built = _built(pack, tell, cancelled)
    except PackCancelled:
        finish(pack, State.CANCELLED)
    except ServiceError as refusal:
        problem = {"message": str(refusal.message), "remedy": str(refusal.remedy)}
        finish(pack, State.FAILED, problem=problem)
    except BaseException:
        finish(pack, State.FAILED, problem=_broken())
        raise
    else:
        more = {"manifest": built.manifest, "prefixes": list(built.prefixes), "size": built.size}
        finish(pack, State.DONE, **more)


def _built(pack: Pack, tell: Callable[[Progress], None], cancelled: Callable[[], bool]) -> Built:
    return build(
        actor=pack.owner,
        wish=wish_of(pack),
        folder=files.new_folder(pack),
        progress=tell,
        cancelled=cancelled,
    )


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


def finish(pack: Pack, state: State, **more: object) -> None:
    if state != State.DONE:
        files.remove_files(pack)
    now = timezone.now()
    ended = {"state": state, "finished_at": now, "expires_at": now + files.KEPT_FOR}
    Pack.objects.filter(pk=pack.pk).update(**ended, **more)


def _broken() -> dict[str, str]:
    return {
        "message": _("The pack broke off by an error of the service."),
        "remedy": _("Try it again; tell the administrator if it happens again."),
    }


def packs_of(user: Actor) -> QuerySet[Pack]:
    """The reader's own, the latest first."""
    return Pack.objects.filter(owner=signed_in(user)).order_by("-created_at", "-pk")


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
    waiting = Pack.objects.filter(pk=pack.pk, state=State.WAITING)
    now = timezone.now()
    waiting.update(state=State.CANCELLED, finished_at=now, expires_at=now + files.KEPT_FOR)
    Pack.objects.filter(pk=pack.pk, state=State.RUNNING).update(cancel_requested=True)
    pack.refresh_from_db()
    return pack


def remove(*, actor: Actor, uid: UUID) -> None:
    """The files and the line in the list. Raises Conflict for one that is still being made."""
    pack = cancel(actor=actor, uid=uid)
    if pack.active:
        raise Conflict(
            _("The pack is being cancelled."), remedy=_("Remove it when it has stopped.")
        )
    files.remove_files(pack)
    pack.delete()


def obtainable(user: Actor, pack: Pack) -> bool:
    """Whether the reader may have the files now: grants end, and rasters are taken off the map."""
    if not policy.still_covers(user, pack.prefixes):
        return False
    return not pack.raster or visible_rasters(user).filter(name=pack.raster).exists()


def file_of(user: Actor, uid: UUID, name: str) -> tuple[Pack, dict[str, Any], Path]:
    """The pack, what its manifest says of the file, and its path. Raises NotFound, Conflict before
    it is done, Forbidden where the reader may no longer see all that is in it."""
    pack = visible_pack(user, uid)
    if pack.state != State.DONE:
        raise Conflict(_("The pack is not done."), remedy=_("Wait until it is."))
    if not obtainable(user, pack):
        raise Forbidden(
            _("Your grants have changed since: the pack holds what you may no longer see."),
            remedy=_("Make it again of what you may see now."),
        )
    told = next((each for each in pack.manifest["files"] if each["name"] == name), None)
    path = files.folder_of(pack) / name
    over = pack.expires_at is not None and pack.expires_at < timezone.now()
    if told is None or over or not path.is_file():
        raise NotFound(_("The file has expired."), remedy=_("Make the pack again."))
    return pack, told, path
