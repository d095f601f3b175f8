"""manage.py check_overview: whether the overview says what a recount says."""

from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from layers.errors import NotFound
from layers.registry import LAYERS, Layer, layer_named
from tiles.overview.building import rebuild
from tiles.overview.checking import differences

MOST_SHOWN = 100


class Command(BaseCommand):
    help = (
        "Recount layers and compare every cell of every level, deltas included, in one snapshot. "
        "The exit code is 1 where a cell is wrong, 0 where all are right or were repaired."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("layers", nargs="*", metavar="LAYER", help="all where none is named")
        parser.add_argument("--repair", action="store_true", help="count wrong layers anew")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            layers = [layer_named(name) for name in options["layers"] or LAYERS]
        except NotFound as error:
            raise CommandError(f"{error} {error.remedy}", returncode=2) from error
        wrong = [layer for layer in layers if not self._right(layer)]
        if not wrong:
            return
        if not options["repair"]:
            names = ", ".join(layer.name for layer in wrong)
            raise CommandError(f"The overview is wrong: {names}. --repair counts them anew.")
        for layer in wrong:
            count = rebuild(layer=layer.name, table=layer.table)
            self.stdout.write(f"{layer.name}: repaired, {count:,} features")

    def _right(self, layer: Layer) -> bool:
        found = differences(layer=layer.name, table=layer.table)
        shown = list(islice(found, MOST_SHOWN))
        for difference in shown:
            self.stderr.write(f"{layer.name}: {difference}")
        more = sum(1 for _difference in found)
        if more:
            self.stderr.write(f"{layer.name}: … and {more:,} more")
        self.stdout.write(f"{layer.name}: {len(shown) + more:,} cells are wrong")
        return not shown
