"""manage.py import_layer: load a file into a layer, or say exactly why not."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from importers.actors import actor_named
from importers.loading import ImportOptions, RowsRejected, import_file
from importers.report import Report, RowNote
from layers.errors import ServiceError
from layers.registry import LAYERS, Layer, layer_named

REFUSED = 2
SECONDS_BETWEEN_LINES = 2.0


class ProgressLine:
    """Rows, rate and remaining time on standard error; on a terminal one line, rewritten."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._started = self._last = time.monotonic()

    def __call__(self, report: Report) -> None:
        now = time.monotonic()
        if now - self._last < SECONDS_BETWEEN_LINES:
            return
        self._last = now
        rate = report.read / (now - self._started)
        text = _("%(read)d rows, %(rate)d rows/s") % {"read": report.read, "rate": rate}
        if report.description.rows and rate:
            left = max(report.description.rows - report.read, 0) / rate
            text = _("%(text)s, %(left)d s left") % {"text": text, "left": left}
        self._stream.write(text, ending="\r" if self._stream.isatty() else "\n")


class Command(BaseCommand):
    help = "Import a GeoJSON, GeoPackage or zipped Shapefile into a layer (docs/importing.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("layer", metavar="LAYER", help=", ".join(LAYERS))
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--datum", metavar="D", help="EPSG:4525, or a name: cgcs2000-3-37")
        parser.add_argument(
            "--map",
            metavar="FIELD=COLUMN",
            action="append",
            default=[],
            help="the column of a field; an empty COLUMN leaves the field out",
        )
        parser.add_argument("--table", metavar="NAME", help="which table, where there are several")
        parser.add_argument("--user", metavar="USERNAME", help="who imports")
        parser.add_argument("--dry-run", action="store_true", help="do everything but commit")
        parser.add_argument(
            "--skip-rejected", action="store_true", help="load the good rows although some are not"
        )
        parser.add_argument(
            "--rejects", metavar="FILE", type=Path, help="list the rejected rows (.csv or .xlsx)"
        )
        parser.add_argument("--language", choices=["zh-hans", "en"], help="of the messages")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        with translation.override(options["language"] or translation.get_language()):
            try:
                self._import(options)
            except RowsRejected as refusal:
                self._print_report(refusal.report, layer_named(options["layer"]))
                raise _refused(refusal) from refusal
            except ServiceError as refusal:
                raise _refused(refusal) from refusal

    def _import(self, options: dict[str, Any]) -> None:
        layer = layer_named(options["layer"])
        actor = actor_named(options["user"])
        started = time.monotonic()
        report = import_file(
            actor=actor,
            layer=layer,
            path=options["file"],
            options=ImportOptions(
                datum=options["datum"],
                columns=_stated_columns(options["map"]),
                table=options["table"],
                dry_run=options["dry_run"],
                skip_rejected=options["skip_rejected"],
                rejects=_rejects_path(options["rejects"]),
            ),
            progress=ProgressLine(self.stderr),
        )
        self._print_report(report, layer)
        seconds = time.monotonic() - started
        self.stdout.write(
            _("%(seconds).1f s, %(rate)d rows/s")
            % {"seconds": seconds, "rate": report.read / seconds}
        )
        self._print_end(report, actor.username)

    def _print_report(self, report: Report, layer: Layer) -> None:
        found = report.description
        say = self.stdout.write
        say(_("Format: %(name)s, %(type)s") % {"name": found.format, "type": found.geometry_type})
        why = _(found.encoding_why)
        say(_("Encoding: %(name)s (%(why)s)") % {"name": found.encoding, "why": why})
        say(_("Datum: %(name)s (%(why)s)") % {"name": report.datum or "-", "why": report.datum_why})
        for note in report.notes:
            say(str(note))
        say(
            _("Columns: %(pairs)s")
            % {
                "pairs": ", ".join(
                    f"{column} → {layer.by_name[name].label}"
                    for name, column in report.matched.items()
                )
            }
        )
        if report.unmatched:
            say(_("Columns not imported: %(names)s") % {"names": ", ".join(report.unmatched)})
        self._print_rows(_("Rejected"), report.rejected_rows, report.rejected)
        self._print_rows(_("Warning"), report.warned_rows, report.warnings)
        say(
            _("Read %(read)d, loaded %(loaded)d, rejected %(rejected)d, warnings %(warnings)d")
            % {
                "read": report.read,
                "loaded": report.loaded,
                "rejected": report.rejected,
                "warnings": report.warnings,
            }
        )

    def _print_rows(self, heading: str, notes: list[RowNote], count: int) -> None:
        for note in notes:
            self.stdout.write(
                _("%(heading)s: row %(number)d: %(text)s")
                % {"heading": heading, "number": note.number, "text": note.text}
            )
        if count > len(notes):
            self.stdout.write(_("… and %(more)d more") % {"more": count - len(notes)})

    def _print_end(self, report: Report, username: str) -> None:
        if report.dry_run:
            self.stdout.write(_("Dry run: nothing was written."))
        elif report.changeset:
            self.stdout.write(
                _("Changeset %(id)d. To undo: manage.py undo_import %(id)d --user %(user)s")
                % {"id": report.changeset.pk, "user": username}
            )


def _stated_columns(pairs: list[str]) -> dict[str, str]:
    stated: dict[str, str] = {}
    for pair in pairs:
        name, separator, column = pair.partition("=")
        if not separator or not name.strip():
            raise CommandError(
                _("--map expects FIELD=COLUMN, not “%(pair)s”.") % {"pair": pair},
                returncode=REFUSED,
            )
        stated[name.strip()] = column
    return stated


def _rejects_path(path: Path | None) -> Path | None:
    if path is not None and path.suffix.lower() not in {".csv", ".xlsx"}:
        raise CommandError(
            _("--rejects writes .csv or .xlsx, not “%(name)s”.") % {"name": path.name},
            returncode=REFUSED,
        )
    return path


def _refused(error: ServiceError) -> CommandError:
    return CommandError(f"{error.message}\n{error.remedy}".strip(), returncode=REFUSED)
