"""Reading a delivery for the first time: its digest, its first rows, and what they seem to be."""

import hashlib
import logging
import time
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from importers.box.reading import opened_in_box
from importers.deliveries import kept, profiles, storage
from importers.deliveries.corrections import Corrections
from importers.deliveries.rasters import reading as rasters
from importers.deliveries.rasters.reading import RASTERS
from importers.deliveries.understanding import understood
from importers.models import Delivery
from importers.phrases import in_both, said
from importers.proposal import Proposal
from importers.readers.specification import FileProblem, SeveralTables
from layers.errors import ServiceError
from layers.pulse import Pulse
from layers.registry import layer_named

log = logging.getLogger(__name__)
HASH_BYTES = 4 << 20
READABLE = (
    Delivery.State.RECEIVING,
    Delivery.State.READING,
    Delivery.State.OPEN,
    Delivery.State.UNREADABLE,
)


def ask_to_read(delivery: Delivery) -> None:
    """Have it read in the background; inside the caller's transaction."""
    from importers.tasks import read_delivery

    delivery.state = Delivery.State.READING
    delivery.progress, delivery.problem, delivery.heartbeat = {}, {}, timezone.now()
    delivery.save(update_fields=["state", "progress", "problem", "heartbeat"])
    read_delivery.enqueue(str(delivery.uid))


def read(uid: UUID) -> str:
    """Read the delivery, and say what became of it: its new state."""
    delivery = Delivery.objects.get(uid=uid)
    if delivery.state != Delivery.State.READING:
        return delivery.state
    with Pulse(Delivery, uid) as pulse:
        kept.forget_sample(uid)
        problem: dict[str, object] = {}
        state = Delivery.State.OPEN
        try:
            delivery.sha256 = _digest(delivery, pulse)
            _understand(delivery, pulse)
        except SeveralTables as question:
            problem = {"tables": list(question.tables)}
        except FileProblem as found:
            state = Delivery.State.UNREADABLE
            problem = {
                "text": asdict(said(found.text, **found.parameters)),
                "remedy": asdict(said(found.remedy)),
            }
        except ServiceError as found:
            state = Delivery.State.UNREADABLE
            problem = _told(found)
        delivery.state, delivery.problem, delivery.progress = state, problem, {}
        delivery.save(update_fields=["layer", "sha256", "state", "problem", "progress"])
    log.info("delivery %s was read: %s", uid, state)
    return state


def _told(error: ServiceError) -> dict[str, object]:
    return {
        "text": asdict(in_both(lambda: str(error.message))),
        "remedy": asdict(in_both(lambda: str(error.remedy))),
    }


def reconsidered(delivery: Delivery) -> Proposal | None:
    """The proposal again, from the rows that are kept, after a person said something."""
    sample = kept.kept_sample(delivery.uid)
    if sample is None:
        return None
    corrections = Corrections.from_json(delivery.corrections)
    layer = layer_named(delivery.layer)
    remembered = profiles.remembered(delivery, sample.description)
    proposal = understood(
        delivery.owner, layer, sample, corrections, remembered, delivery.division_id
    )
    kept.keep_proposal(delivery.uid, proposal)
    return proposal


def paths_of(delivery: Delivery) -> Path:
    """What a reader is given of this delivery."""
    stored = list(delivery.files.values_list("stored", flat=True))
    return storage.source_path(delivery.uid, stored)


@transaction.atomic
def read_again(delivery: Delivery) -> None:
    """After another table was chosen."""
    locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if locked.state in READABLE:
        ask_to_read(locked)


def _understand(delivery: Delivery, pulse: Pulse) -> None:
    """As a raster, if it is one, whatever layer it was sent for; else as rows."""
    pulse.tell({"phase": "reading", "started": time.time()})
    path = paths_of(delivery)
    if delivery.layer == RASTERS or rasters.is_raster(delivery):
        delivery.layer = RASTERS
        rasters.inspect(delivery.uid, path)
        return
    try:
        _understand_rows(delivery, pulse)
    except SeveralTables:
        raise
    except FileProblem:
        if not rasters.holds_raster(delivery.uid, path):
            raise
        delivery.layer = RASTERS


def _understand_rows(delivery: Delivery, pulse: Pulse) -> None:
    table = Corrections.from_json(delivery.corrections).table or None
    with opened_in_box(paths_of(delivery), table=table) as boxed:
        sample = kept.taken(boxed.description, boxed.batches)
    kept.keep_sample(delivery.uid, sample)
    pulse.tell({"phase": "understanding", "started": time.time()})
    reconsidered(delivery)


def _digest(delivery: Delivery, pulse: Pulse) -> str:
    """SHA-256 of the files in their order: of one file, that file's own."""
    digest, done, started = hashlib.sha256(), 0, time.time()
    base = storage.files_folder(delivery.uid)
    for file in delivery.files.exclude(size=0):
        with (base / file.stored).open("rb") as stream:
            while chunk := stream.read(HASH_BYTES):
                digest.update(chunk)
                done += len(chunk)
                pulse.tell(
                    {"phase": "checking", "read": done, "total": delivery.size, "started": started}
                )
    return digest.hexdigest()
