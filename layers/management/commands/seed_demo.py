"""manage.py seed_demo: invented data to try the service with, marked as such."""

import sys
import time
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from layers.demonstration import clearing, seeding
from layers.demonstration.scale import DEFAULT_TOILETS, Scale
from layers.demonstration.toilets import SEALED_LIMIT
from layers.registry import LAYERS

INTERRUPTED = 130
"""What shells say of a command that Ctrl-C ended."""

HELP = f"""\
Fill the counties of the demonstration zones with invented, plausible data: seats of townships and
villages, the five layers, projects, upkeep and visits. Everything is marked as demonstration and
the same for the same seed, day and number. Nothing is kept if it fails or is stopped.

Up to {SEALED_LIMIT:,} toilets, every household carries (sealed, invented) personal data; with more,
only the first few households of each village do.
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--features",
            type=int,
            default=DEFAULT_TOILETS,
            metavar="N",
            help=f"number of toilets (default {DEFAULT_TOILETS:,}); the other layers grow more "
            "slowly, up to 100,000 roads, 30,000 water works, 100,000 assets and 3,000 sites at "
            "10 million",
        )
        parser.add_argument(
            "--seed", type=int, default=seeding.DEFAULT_SEED, metavar="S", help="another country"
        )
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing where a layer has rows or demonstration data is there",
        )
        parser.add_argument(
            "--clear",
            action="store_true",
            help="remove the demonstration data and nothing else; visits stay, as all visits do, "
            "and so do accounts",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["clear"]:
            self._tell(clearing.clear(), "removed")
            seeding.analyse(LAYERS.values())
            return
        if seeding.anything_there():
            if options["if_empty"]:
                self.stdout.write("There is data already; nothing was done.")
                return
            if clearing.demonstration_there():
                raise CommandError(
                    "There is demonstration data already. Remove it with seed_demo --clear first."
                )
        self._seed(options["features"], options["seed"])

    def _seed(self, features: int, seed: int) -> None:
        if features < 0 or seed < 0:
            raise CommandError("--features and --seed take numbers from 0 on.")
        began = time.monotonic()
        request = seeding.Request(Scale.of(features), seed, timezone.localdate())
        try:
            made = seeding.seed(request, sys.stderr)
        except KeyboardInterrupt as stop:
            raise CommandError("Stopped; nothing was kept.", returncode=INTERRUPTED) from stop
        seeding.analyse(LAYERS.values())
        self._tell(made, "made")
        self.stdout.write(f"in {time.monotonic() - began:.1f} s")

    def _tell(self, counts: dict[str, int], verb: str) -> None:
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count:,} {verb}")
