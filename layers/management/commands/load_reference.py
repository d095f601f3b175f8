"""manage.py load_reference: the shipped divisions, boundaries, zones and code lists."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from layers.reference import loading
from layers.reference.contributions import contributions


class Command(BaseCommand):
    help = "Load the shipped reference data; does nothing while it is up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="load even if nothing changed")

    def handle(self, *args: Any, **options: Any) -> None:
        digest = loading.digest()
        if loading.loaded_digest() == digest and not options["force"]:
            self.stdout.write("Reference data is up to date.")
            return
        for name, step in loading.STEPS.items():
            self.stdout.write(f"{name}: {step()}")
        for each in contributions():
            self.stdout.write(f"{each.name}: {each.load()}")
        loading.remember_digest(digest)
