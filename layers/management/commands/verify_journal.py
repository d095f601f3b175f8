"""manage.py verify_journal: whether the journal, its chain and the layers' rows agree."""

import time
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from layers.errors import NotFound
from layers.journal.head import Head
from layers.journal.verification import Verification
from layers.registry import LAYERS, layer_named

EVERY_S = 5.0
MOST_SHOWN = 100


class Command(BaseCommand):
    help = (
        "Verify the journal: the chain is unbroken and made of every entry as it stands, versions\n"
        "have no gaps, rows are what their entries say, loads have the digest that was chained.\n"
        "Ends with the head of the chain: write it down elsewhere, and give it as --anchor later.\n"
        "The exit code is 1 if anything is wrong."
    )

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            metavar="POSITION:HASH",
            help="a head that was printed before; may be given several times",
        )
        parser.add_argument("--layer", choices=list(LAYERS), help="compare this layer's rows only")
        parser.add_argument(
            "--full",
            action="store_true",
            help="also compare every entry's old values with those before it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._said_at = time.monotonic()
        self._quiet = options["verbosity"] == 0
        verification = self._verification(options)
        count = 0
        for finding in verification.findings():
            count += 1
            if count <= MOST_SHOWN:
                self.stderr.write(str(finding))
        if count > MOST_SHOWN:
            self.stderr.write(f"… and {count - MOST_SHOWN:,} more")
        self.stdout.write(str(verification.head))
        if count:
            raise CommandError(f"The journal is not sound: {count:,} findings.", returncode=1)

    def _verification(self, options: dict[str, Any]) -> Verification:
        try:
            anchors = tuple(Head.parse(text) for text in options["anchor"])
            layers = [layer_named(options["layer"])] if options["layer"] else list(LAYERS.values())
        except (ValueError, NotFound) as error:
            raise CommandError(str(error)) from error
        return Verification(
            anchors=anchors, layers=layers, full=options["full"], progress=self._progress
        )

    def _progress(self, what: str, done: int) -> None:
        now = time.monotonic()
        if not self._quiet and now - self._said_at > EVERY_S:
            self._said_at = now
            self.stderr.write(f"  {what}: up to {done:,}")
