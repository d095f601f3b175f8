"""manage.py remove_raster: take a raster off the map and delete its file."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from importers.management.commands.import_layer import REFUSED
from importers.rasters.registering import remove
from layers.access.actors import actor_named
from layers.errors import ServiceError


class Command(BaseCommand):
    help = "Take a raster off the map and delete its file; the journal keeps that it was there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--user", metavar="USERNAME", help="who removes it")
        parser.add_argument("--language", choices=["zh-hans", "en"], help="of the messages")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        with translation.override(options["language"] or translation.get_language()):
            try:
                raster = remove(actor=actor_named(options["user"]), name=options["name"])
            except ServiceError as refusal:
                text = f"{refusal.message}\n{refusal.remedy}".strip()
                raise CommandError(text, returncode=REFUSED) from refusal
            self.stdout.write(_("Removed the raster “%(name)s”.") % {"name": raster.name})
