"""manage.py import_raster: put a raster on the map, or say exactly why not."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from importers.management.commands.import_layer import REFUSED
from importers.management.flags import refusal_text
from importers.management.printing import SECONDS_BETWEEN_LINES, ProgressLine
from importers.phrases import gettext_noop
from importers.rasters.boxing import Watch
from importers.rasters.importing import RasterOptions, import_raster
from importers.rasters.registering import Card
from importers.rasters.report import RasterReport
from layers.access.actors import actor_named
from layers.errors import Rejected, ServiceError
from layers.models.division import Division
from layers.models.raster import RasterKind

PHASES = {
    "unpacking": gettext_noop("unpacking"),
    "warping": gettext_noop("onto the tile grid"),
    "overviews": gettext_noop("overviews"),
    "writing": gettext_noop("writing"),
}


class PhaseWords:
    """The phase, the share of it that is done, and the seconds left, in words."""

    def __init__(self) -> None:
        self._started, self._phase = time.monotonic(), ""

    def __call__(self, phase: str, done: float) -> tuple[str, str]:
        now = time.monotonic()
        if phase != self._phase:
            self._phase, self._started = phase, now
        text, elapsed = _(PHASES.get(phase, phase)), now - self._started
        if 0 < done < 1 and elapsed > SECONDS_BETWEEN_LINES:
            text = _("%(text)s %(percent)d %%, %(left)d s left") % {
                "text": text,
                "percent": done * 100,
                "left": elapsed / done - elapsed,
            }
        return phase, text


class Command(BaseCommand):
    help = "Convert a raster to a cloud-optimised GeoTIFF on the tile grid (docs/rasters.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("name", metavar="NAME", help="in addresses: /rasters/NAME/…")
        parser.add_argument("--title", required=True)
        parser.add_argument("--kind", required=True, choices=RasterKind.values)
        parser.add_argument("--division", required=True, metavar="CODE", help="that it shows")
        parser.add_argument("--user", metavar="USERNAME", help="who imports")
        parser.add_argument("--datum", metavar="D", help="EPSG:4525, or a name: cgcs2000-3-37")
        parser.add_argument("--source", default="", help="where it comes from, and of when it is")
        parser.add_argument("--licence", default="", help="what may be done with it")
        parser.add_argument("--map-number", default="", help="审图号, the map's approval number")
        parser.add_argument("--public", action="store_true", help="everybody may see it")
        parser.add_argument("--lossless", action="store_true", help="keep pictures exactly")
        parser.add_argument("--replace", action="store_true", help="in place of what has the name")
        parser.add_argument("--dry-run", action="store_true", help="do everything but keep it")
        parser.add_argument("--language", choices=["zh-hans", "en"], help="of the messages")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        with translation.override(options["language"] or translation.get_language()):
            try:
                self._import(options)
            except ServiceError as refusal:
                raise CommandError(refusal_text(refusal), returncode=REFUSED) from refusal

    def _import(self, options: dict[str, Any]) -> None:
        actor = actor_named(options["user"])
        started = time.monotonic()
        report = import_raster(
            actor=actor,
            path=options["file"],
            card=_card(options),
            options=RasterOptions(
                datum=options["datum"],
                lossless=options["lossless"],
                replace=options["replace"],
                dry_run=options["dry_run"],
            ),
            watch=Watch(progress=ProgressLine(self.stderr, PhaseWords())),
        )
        self._print(report)
        self.stdout.write(_("%(seconds).1f s") % {"seconds": time.monotonic() - started})

    def _print(self, report: RasterReport) -> None:
        say, found, place = self.stdout.write, report.description, report.place
        say(
            _("Format: %(name)s, %(width)d × %(height)d pixels, %(bands)d × %(kind)s")
            % {
                "name": found.format,
                "width": found.width,
                "height": found.height,
                "bands": found.value_bands,
                "kind": found.dtype,
            }
        )
        say(_("Datum: %(name)s (%(why)s)") % {"name": place.datum.name, "why": place.why})
        say(
            _("Bounds: %(bounds)s; %(resolution).3g m a pixel; zooms %(least)d to %(most)d")
            % {
                "bounds": ", ".join(f"{value:.5f}" for value in place.bounds),
                "resolution": place.resolution_m,
                "least": place.block.min_zoom,
                "most": place.block.zoom,
            }
        )
        say(
            _("Written: %(size).1f MB, %(compression)s")
            % {"size": report.size / 2**20, "compression": report.encoding.compression}
        )
        if report.raster is None:
            say(_("Dry run: nothing was written."))
        else:
            say(
                _("Raster “%(name)s”, version %(version)d.")
                % {"name": report.raster.name, "version": report.raster.version}
            )


def _card(options: dict[str, Any]) -> Card:
    code = options["division"].ljust(12, "0")
    division = Division.objects.filter(code=code).first()
    if division is None:
        raise Rejected(
            _("There is no division “%(code)s”.") % {"code": options["division"]},
            remedy=_("Give its code of 6, 9 or 12 digits."),
        )
    return Card(
        name=options["name"],
        title=options["title"],
        kind=RasterKind(options["kind"]),
        division=division,
        public=options["public"],
        source=options["source"],
        licence=options["licence"],
        map_number=options["map_number"],
    )
