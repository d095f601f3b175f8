"""manage.py restore FILE: the database and the uploads as a backup has them."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from layers.backup import holds_features, read_backup
from layers.errors import ServiceError


class Command(BaseCommand):
    help = "Replace the database by a backup's, and put its uploaded files back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="replace features there are")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["replace"] and self._in_use():
            raise CommandError("The database holds features. Give --replace to replace them.")
        try:
            read_backup(options["file"])
        except ServiceError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Restored. Start the service again.")

    def _in_use(self) -> bool:
        try:
            return holds_features()
        except DatabaseError:
            # An empty database has no tables yet: there is nothing to replace.
            return False
