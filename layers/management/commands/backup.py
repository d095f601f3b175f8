"""manage.py backup FILE: the database and the uploads in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from layers.backup import write_backup
from layers.errors import ServiceError


class Command(BaseCommand):
    help = "Write the database and every uploaded file into one tar file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"]
        if target.exists() or not target.parent.is_dir():
            raise CommandError(f"{target} exists already, or its folder does not: name a new file.")
        try:
            size = write_backup(target)
        except ServiceError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{target}: {size:,} bytes. Keep the secrets apart from it.")
