"""manage.py export_layer: what an account may see of a layer, as a file."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from importers.exporting import ExportReport, Wish, export_layer
from importers.management.commands.import_layer import REFUSED
from importers.management.printing import ProgressLine
from importers.writers.catalogue import FORMATS, format_named, format_of
from layers.access.actors import actor_named
from layers.errors import ServiceError
from layers.registry import LAYERS, layer_named


class RowWords:
    """Rows, rate and remaining time in words; an export has one phase."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def __call__(self, report: ExportReport) -> tuple[str, str]:
        rate = report.rows / max(time.monotonic() - self._started, 1e-3)
        left = max(report.total - report.rows, 0) / rate if rate else 0
        text = _("%(rows)d of %(total)d rows, %(rate)d rows/s, %(left)d s left") % {
            "rows": report.rows,
            "total": report.total,
            "rate": rate,
            "left": left,
        }
        return "", text


class Command(BaseCommand):
    help = "Export a layer to a new file, inside an account's grants (docs/exporting.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("layer", metavar="LAYER", help=", ".join(LAYERS))
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--user", metavar="USERNAME", help="who exports")
        parser.add_argument("--format", choices=list(FORMATS), help="else by the file's extension")
        parser.add_argument("--datum", metavar="D", default="EPSG:4490", help="EPSG:4546, …")
        parser.add_argument("--language", choices=["zh", "en"], default="zh", help="of the headers")
        parser.add_argument("--division", metavar="CODE", default="", help="12 digits")
        parser.add_argument("--fields", metavar="NAME,NAME", help="else all")
        parser.add_argument("--provenance", action="store_true", help="where each place is from")
        parser.add_argument(
            "--personal", action="store_true", help="with personal data; each record is journalled"
        )
        parser.add_argument("--reason", default="", help="why personal data are needed")
        parser.add_argument("--at", metavar="TIME", help="a past moment: 2025-01-01T00:00+08:00")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        try:
            self._export(options)
        except ServiceError as refusal:
            text = f"{refusal.message}\n{refusal.remedy}".strip()
            raise CommandError(text, returncode=REFUSED) from refusal

    def _export(self, options: dict[str, Any]) -> None:
        started = time.monotonic()
        report = export_layer(
            actor=actor_named(options["user"]),
            wish=_wish(options),
            target=options["file"],
            progress=ProgressLine(self.stderr, RowWords()),
        )
        for note in report.notes:
            self.stdout.write(str(note))
        seconds = time.monotonic() - started
        self.stdout.write(
            _("%(rows)d rows, %(size).1f MB, %(seconds).1f s, %(rate)d rows/s")
            % {
                "rows": report.rows,
                "size": report.size / 1e6,
                "seconds": seconds,
                "rate": report.rows / seconds,
            }
        )
        if report.unmasked:
            text = _("Looks at personal data in the journal: %(count)d")
            self.stdout.write(text % {"count": report.unmasked})


def _wish(options: dict[str, Any]) -> Wish:
    fields = options["fields"]
    return Wish(
        layer=layer_named(options["layer"]),
        format=format_named(options["format"])
        if options["format"]
        else format_of(options["file"].name),
        datum=options["datum"],
        language=options["language"],
        division=options["division"],
        fields=None if fields is None else [each.strip() for each in fields.split(",")],
        personal=options["personal"],
        reason=options["reason"],
        provenance=options["provenance"],
        at=_moment(options["at"]),
    )


def _moment(text: str | None) -> Any:
    if text is None:
        return None
    moment = parse_datetime(text)
    if moment is None or moment.tzinfo is None:
        raise CommandError(
            _("--at expects a moment with its time zone, not “%(text)s”.") % {"text": text},
            returncode=REFUSED,
        )
    return moment
