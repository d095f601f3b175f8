"""manage.py export_journal FILE: the journal and its chain as a file of its own."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from layers.journal.export import export_journal


class Command(BaseCommand):
    help = (
        "Write the journal with its chain to OUT.jsonl or OUT.jsonl.gz and print its head. "
        "bin/verify-journal-export checks the file, on any machine that has Python."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"]
        if target.exists() or not target.parent.is_dir():
            raise CommandError(f"{target} exists already, or its folder does not: name a new file.")
        self.stdout.write(str(export_journal(target)))
