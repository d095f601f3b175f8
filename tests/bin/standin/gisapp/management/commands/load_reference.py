import os

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    def handle(self, *_args: object, **_options: object) -> None:
        if os.environ.get("STANDIN") == "unloadable":
            raise CommandError("the divisions' file is cut short")
        self.stdout.write("loaded")
