"""manage.py fold_overview: carry deltas over into the overview's cells, or count layers anew."""

import signal
import threading
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from layers.errors import NotFound
from layers.registry import LAYERS, layer_named
from tiles.overview.building import rebuild
from tiles.overview.folding import fold, fold_for_ever


class Command(BaseCommand):
    help = (
        "Fold the overview's deltas once; --forever does it every second until it is stopped, as "
        "bin/serve runs it. --rebuild counts layers anew: exact while others write."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("layers", nargs="*", metavar="LAYER", help="with --rebuild; else all")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--forever", action="store_true", help="until SIGTERM or Ctrl-C")
        how.add_argument("--rebuild", action="store_true", help="count these layers anew")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["layers"] and not options["rebuild"]:
            raise CommandError("Layers are named with --rebuild only: a fold takes all of them.")
        if options["rebuild"]:
            self._rebuild(options["layers"])
        elif options["forever"]:
            fold_for_ever(_stopped_by_signals())
        else:
            self.stdout.write(f"{fold():,} deltas folded")

    def _rebuild(self, names: list[str]) -> None:
        try:
            layers = [layer_named(name) for name in names or LAYERS]
        except NotFound as error:
            raise CommandError(f"{error} {error.remedy}") from error
        for layer in layers:
            began = time.monotonic()
            count = rebuild(layer=layer.name, table=layer.table)
            self.stdout.write(f"{layer.name}: {count:,} in {time.monotonic() - began:.1f} s")


def _stopped_by_signals() -> threading.Event:
    """An event that is set when the process is asked to end: the fold under way is finished."""
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return stop
