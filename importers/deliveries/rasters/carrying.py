"""Putting a delivered raster on the map, and taking it off again, as runs of its delivery."""

import time
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from importers.deliveries.rasters.card import Stated, card_of, problems_of, stated
from importers.deliveries.rasters.reading import kept_raster
from importers.models import Delivery, ImportRun
from importers.rasters.importing import RasterOptions, Watch, import_raster
from importers.rasters.registering import remove
from layers.errors import Conflict, Rejected
from layers.models.access import User
from layers.pulse import Pulse


def ready(actor: User, delivery: Delivery) -> dict[str, Any]:
    """What a run is to carry out. Raises Rejected with the first of what is to be settled."""
    found = kept_raster(delivery.uid)
    if found is None:
        raise Conflict(
            _("This delivery cannot be loaded as it stands now."), remedy=_("Reload the page.")
        )
    said = stated(delivery, found)
    problems = problems_of(actor, found, said)
    if problems:
        raise Rejected(problems[0].text, remedy=problems[0].remedy)
    return said.as_json()


def put_on_the_map(run: ImportRun, path: Path, pulse: Pulse) -> dict[str, Any]:
    """Convert and register it, or only convert it in a dry run; what the run reports."""
    said = Stated.from_json(run.interpretation)
    report = import_raster(
        actor=run.actor,
        path=path,
        card=card_of(said),
        options=RasterOptions(
            datum=said.datum or None,
            lossless=said.lossless,
            replace=said.replace,
            dry_run=run.dry_run,
        ),
        watch=Watch(progress=Progress(pulse), cancelled=pulse.cancelled),
    )
    return report.as_json()


class Progress:
    """Tells the pulse the phase, the share of it that is done, and since when it goes on."""

    def __init__(self, pulse: Pulse) -> None:
        self._pulse = pulse
        self._phase, self._started = "", 0.0

    def __call__(self, phase: str, done: float) -> None:
        if phase != self._phase:
            self._phase, self._started = phase, time.time()
        self._pulse.tell({"phase": phase, "share": done, "started": self._started})


def take_off_the_map(run: ImportRun) -> dict[str, Any]:
    """The raster of this run, if it is still the one that is there. Raises Conflict, NotFound."""
    if run.undone_by is None:
        raise RuntimeError(f"run {run.uid} is undone by nobody")
    told = run.report
    remove(actor=run.undone_by, name=str(told["name"]), version=int(told["version"]))
    return {**told, "undone": {"removed": 1}}
