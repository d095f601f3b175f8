"""Receiving files in pieces: begun, continued where it broke off, completed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from importers.deliveries import limits, storage
from importers.deliveries.access import own_one
from importers.deliveries.rasters.reading import RASTERS
from importers.models import Delivery, DeliveryFile
from layers.access import policy
from layers.access.roles import Action
from layers.errors import BadRequest, Conflict, NotFound, Rejected, TooLarge
from layers.models.access import User
from layers.models.division import Division
from layers.registry import layer_named

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Announced:
    """A file that is to come: its name as the sender has it, and its size in bytes."""

    name: str
    size: int


@transaction.atomic
def begin(
    *, actor: User, layer: str, division: str, files: Sequence[Announced], note: str = ""
) -> Delivery:
    """A new delivery that waits for its bytes. Raises Forbidden, NotFound, Rejected, TooLarge and
    OutOfSpace."""
    policy.require_somewhere(actor, Action.IMPORT)
    if layer != RASTERS:
        layer_named(layer)
    policy.require(actor, Action.IMPORT, division)
    if not Division.objects.filter(pk=division).exists():
        raise NotFound(_("There is no division %(code)s.") % {"code": division})
    _check_files(files)
    # One person's uploads take turns here, so that together they stay within the limit.
    User.objects.select_for_update().get(pk=actor.pk)
    total = sum(each.size for each in files)
    _check_room(actor, total)
    delivery = Delivery.objects.create(
        owner=actor,
        name=_title(files),
        layer=layer,
        division_id=division,
        note=note.strip()[:300],
        size=total,
        purge_on=timezone.localdate() + timedelta(days=limits.KEPT_DAYS),
    )
    stored = storage.stored_names([each.name for each in files])
    DeliveryFile.objects.bulk_create(
        DeliveryFile(
            delivery=delivery, number=number, name=each.name[:400], stored=name, size=each.size
        )
        for number, (each, name) in enumerate(zip(files, stored, strict=True), start=1)
    )
    return delivery


@transaction.atomic
def receive(*, actor: User, uid: UUID, number: int, offset: int, chunk: bytes) -> DeliveryFile:
    """Take one piece of a file. The right offset is told to who sends another: Conflict."""
    delivery = own_one(actor, uid)
    _require_receiving(delivery)
    file = delivery.files.select_for_update().filter(number=number).first()
    if file is None:
        raise NotFound(_("The delivery has no such file."))
    if len(chunk) > limits.CHUNK_BYTES:
        raise TooLarge(
            _("A piece may have %(most)d MB at most.") % {"most": limits.CHUNK_BYTES // MEGABYTE},
            remedy=_("Send it in several parts."),
        )
    if offset != file.received:
        raise Conflict(
            _("The next piece of this file begins at byte %(offset)d.") % {"offset": file.received},
            remedy=_("Continue from there."),
            detail={"offset": file.received},
        )
    if offset + len(chunk) > file.size:
        raise TooLarge(
            _("The file is longer than was announced."), remedy=_("Upload it as a new delivery.")
        )
    storage.write_at(delivery.uid, file.stored, offset, chunk)
    file.received = offset + len(chunk)
    file.save(update_fields=["received"])
    return file


@transaction.atomic
def complete(*, actor: User, uid: UUID) -> Delivery:
    """All bytes are there: the reading begins. Doing it twice is doing it once."""
    from importers.deliveries.reading import ask_to_read

    delivery = own_one(actor, uid)
    locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if locked.state != Delivery.State.RECEIVING:
        return locked
    missing = [file for file in locked.files.all() if not file.complete]
    if missing:
        raise Conflict(
            _("%(count)d of the files have not arrived completely.") % {"count": len(missing)},
            remedy=_("Continue the upload."),
            detail={
                "files": [{"number": each.number, "offset": each.received} for each in missing]
            },
        )
    locked.received_at = timezone.now()
    locked.save(update_fields=["received_at"])
    ask_to_read(locked)
    return locked


def _check_files(files: Sequence[Announced]) -> None:
    if not files:
        raise BadRequest(_("A delivery needs at least one file."))
    if len(files) > limits.MOST_FILES:
        raise TooLarge(
            _("A delivery may have %(most)d files at most.") % {"most": limits.MOST_FILES},
            remedy=_("Zip them, or deliver them in parts."),
        )
    if all(each.size == 0 for each in files):
        raise Rejected(_("The file is empty."), remedy=_("Export it again."))
    if sum(each.size for each in files) > limits.MOST_FILE_BYTES:
        raise TooLarge(
            _("A delivery may have %(most)d MB at most.")
            % {"most": limits.MOST_FILE_BYTES // MEGABYTE},
            remedy=_("Zip the files, or deliver them in parts, county by county."),
        )


def _check_room(actor: User, total: int) -> None:
    kept = Delivery.objects.filter(owner=actor, purged_at__isnull=True)
    used = kept.aggregate(bytes=Sum("size"))["bytes"] or 0
    if used + total > limits.MOST_OPEN_BYTES or kept.count() >= limits.MOST_OPEN_DELIVERIES:
        raise TooLarge(
            _("Your deliveries would take %(used)d MB; %(most)d MB may be kept at once.")
            % {
                "used": (used + total) // MEGABYTE,
                "most": limits.MOST_OPEN_BYTES // MEGABYTE,
            },
            remedy=_("Remove the files of deliveries that are finished, and try again."),
        )
    if storage.free_bytes() < total + limits.SPARE_BYTES:
        raise storage.out_of_space()


def _require_receiving(delivery: Delivery) -> None:
    if delivery.state != Delivery.State.RECEIVING:
        raise Conflict(
            _("This delivery is complete already."), remedy=_("Upload the file as a new delivery.")
        )


def _title(files: Sequence[Announced]) -> str:
    """The name of the one file, of the folder they come from, or of the largest of them."""
    names = [each.name.replace("\\", "/").strip("/") for each in files]
    tops = {name.split("/")[0] for name in names}
    if len(tops) == 1:
        return next(iter(tops))[:255]
    largest = max(files, key=lambda each: each.size).name
    return largest.replace("\\", "/").rsplit("/", 1)[-1][:255]
