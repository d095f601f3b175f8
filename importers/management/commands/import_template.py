"""manage.py import_template: an empty workbook of a layer, to fill in and import."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from importers.management.commands.import_layer import REFUSED
from importers.workbook_template import template
from layers.errors import ServiceError
from layers.registry import LAYERS, layer_named


class Command(BaseCommand):
    help = "Write the XLSX template of a layer (docs/exporting.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("layer", metavar="LAYER", help=", ".join(LAYERS))
        parser.add_argument("file", metavar="FILE", type=Path, help="a new .xlsx")
        parser.add_argument("--language", choices=["zh", "en"], default="zh")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        try:
            content = template(layer_named(options["layer"]), options["language"])
            with options["file"].open("xb") as file:
                file.write(content)
        except ServiceError as refusal:
            text = f"{refusal.message}\n{refusal.remedy}".strip()
            raise CommandError(text, returncode=REFUSED) from refusal
        except OSError as error:
            raise CommandError(str(error), returncode=REFUSED) from error
        self.stdout.write(_("Written: %(name)s") % {"name": options["file"]})
