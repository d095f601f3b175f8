"""manage.py import_layer: load a file into a layer, or say exactly why not."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from importers.answers import answered, answered_with_the_first
from importers.interpretation import Helmert, Interpretation, Missing
from importers.loading import Cancelled, RowsRejected, import_file
from importers.management.flags import refusal_text
from importers.management.interruption import interruption
from importers.management.printing import Printer, ProgressLine
from importers.opening import Opened
from importers.proposal import Finding, Proposal
from importers.proposing import Stated, proposed
from importers.report import Report
from layers.access.actors import actor_named
from layers.errors import Rejected, ServiceError
from layers.models.access import User
from layers.registry import LAYERS, Layer, layer_named

REFUSED = 2
INTERRUPTED = 130
PARAMETERS = 7
MOST_CHOICES = 12


@dataclass(frozen=True, slots=True)
class Job:
    """What one call of the command is about."""

    layer: Layer
    actor: User
    path: Path
    options: dict[str, Any]


class Command(BaseCommand):
    help = "Import a file into a layer (docs/importing.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("layer", metavar="LAYER", help=", ".join(LAYERS))
        parser.add_argument("file", metavar="FILE", type=Path, help="a file, or a folder of parts")
        parser.add_argument("--user", metavar="USERNAME", help="who imports")
        parser.add_argument("--language", choices=["zh-hans", "en"], help="of the messages")
        _add_reading(parser)
        _add_loading(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        with translation.override(options["language"] or translation.get_language()):
            try:
                self._run(options)
            except RowsRejected as refusal:
                layer = layer_named(options["layer"])
                Printer(self.stdout, layer).report(refusal.report)
                raise refused(refusal) from refusal
            except (Cancelled, KeyboardInterrupt) as stop:
                text = _("Interrupted: nothing was written.")
                raise CommandError(text, returncode=INTERRUPTED) from stop
            except ServiceError as refusal:
                raise refused(refusal) from refusal

    def _run(self, options: dict[str, Any]) -> None:
        job = Job(
            layer_named(options["layer"]), actor_named(options["user"]), options["file"], options
        )
        printer = Printer(self.stdout, job.layer)
        with proposed(
            actor=job.actor, layer=job.layer, path=job.path, stated=_stated(job.layer, options)
        ) as (proposal, file):
            printer.proposal(proposal)
            if not options["propose"]:
                self._import(job, file, _settled(job.layer, proposal, options), printer)

    def _import(
        self, job: Job, file: Opened, interpretation: Interpretation, printer: Printer
    ) -> None:
        started = time.monotonic()
        with interruption() as interrupted:
            try:
                report = self._imported(job, file, interpretation, interrupted)
            except ServiceError as refusal:
                # A terminal's Ctrl-C also ends the process that reads: no fault of the file.
                if interrupted():
                    raise Cancelled from refusal
                raise
        printer.report(report)
        seconds = time.monotonic() - started
        self.stdout.write(
            _("%(seconds).1f s, %(rate)d rows/s")
            % {"seconds": seconds, "rate": report.read / seconds}
        )
        printer.end(report, job.actor.username)

    def _imported(
        self,
        job: Job,
        file: Opened,
        interpretation: Interpretation,
        interrupted: Callable[[], bool],
    ) -> Report:
        return import_file(
            actor=job.actor,
            layer=job.layer,
            path=job.path,
            interpretation=interpretation.with_(missing=Missing(job.options["missing"])),
            dry_run=job.options["dry_run"],
            skip_rejected=job.options["skip_rejected"],
            rejects=_rejects_path(job.options["rejects"]),
            file=file,
            progress=ProgressLine(self.stderr),
            cancelled=interrupted,
        )


def _add_reading(parser: ArgumentParser) -> None:
    """How the file is understood."""
    parser.add_argument("--table", metavar="NAME", help="which table, where there are several")
    parser.add_argument("--datum", metavar="D", help="EPSG:4525, or a name: cgcs2000-3-37")
    parser.add_argument(
        "--map",
        metavar="FIELD=COLUMN",
        action="append",
        default=[],
        help="the column of a field; an empty COLUMN leaves the field out",
    )
    parser.add_argument(
        "--answer",
        metavar="ABOUT=VALUE",
        action="append",
        default=[],
        help="the answer to a question of the proposal, as it prints them",
    )
    parser.add_argument("--x", metavar="COLUMN", help="the column of eastings or longitudes")
    parser.add_argument("--y", metavar="COLUMN", help="the column of northings or latitudes")
    parser.add_argument(
        "--within", metavar="DIVISION", help="the code that names of divisions are looked for in"
    )
    parser.add_argument(
        "--key",
        metavar="FIELDS",
        help="the fields, with commas between, by which rows are features that exist: code",
    )
    parser.add_argument(
        "--parameters",
        metavar="dx,dy,dz,rx,ry,rz,s",
        help="from the datum to CGCS2000, position vector: metres, arc seconds, ppm",
    )
    parser.add_argument(
        "--accuracy", metavar="METRES", type=float, help="the error that is accepted instead"
    )


def _add_loading(parser: ArgumentParser) -> None:
    """What is done with it."""
    parser.add_argument("--propose", action="store_true", help="print what is proposed, and stop")
    parser.add_argument(
        "--accept", action="store_true", help="take also what is proposed as only likely"
    )
    parser.add_argument("--dry-run", action="store_true", help="do everything but commit")
    parser.add_argument(
        "--skip-rejected", action="store_true", help="load the good rows although some are not"
    )
    parser.add_argument(
        "--rejects", metavar="FILE", type=Path, help="list the rejected rows (.csv or .xlsx)"
    )
    parser.add_argument(
        "--missing",
        choices=[each.value for each in Missing],
        default=Missing.KEEP.value,
        help="what becomes of features of earlier deliveries that the file lacks",
    )


def _stated(layer: Layer, options: dict[str, Any]) -> Stated:
    return Stated(
        table=options["table"] or "",
        datum=options["datum"] or "",
        columns=_stated_columns(options["map"]),
        x=options["x"] or "",
        y=options["y"] or "",
        key=_key(layer, options["key"] or ""),
        within=(options["within"] or "").ljust(12, "0") if options["within"] else "",
        parameters=_parameters(options["parameters"]),
        accuracy_m=options["accuracy"],
    )


def _key(layer: Layer, text: str) -> tuple[str, ...]:
    """Fields by their names or labels."""
    by_label = {word: each.name for each in layer.fields for word in (each.label.zh, each.label.en)}
    names = [name.strip() for name in text.split(",") if name.strip()]
    return tuple(by_label.get(name, name) for name in names)


def _parameters(text: str | None) -> Helmert | None:
    if not text:
        return None
    try:
        values = [float(part) for part in text.split(",")]
    except ValueError:
        values = []
    if len(values) != PARAMETERS:
        raise CommandError(
            _("--parameters expects seven numbers with commas between, not “%(text)s”.")
            % {"text": text},
            returncode=REFUSED,
        )
    return Helmert(*values)


def _settled(layer: Layer, proposal: Proposal, options: dict[str, Any]) -> Interpretation:
    """The interpretation to carry out. Raises Rejected while something has to be said first."""
    interpretation, still = _answered(layer, proposal, options["answer"])
    if options["accept"]:
        interpretation, still = answered_with_the_first(layer, interpretation, still)
    if still:
        raise Rejected(
            _("There is something to decide first:%(questions)s")
            % {"questions": "".join(f"\n- {_asked(finding)}" for finding in still)},
            remedy=_(
                "Answer with --answer; or with --datum, --map, --within, --x and --y, --parameters"
                " or --accuracy; or take the likeliest of each with --accept."
            ),
        )
    return interpretation


def _asked(finding: Finding) -> str:
    """The question, and what can be answered: `--answer "setting:1=urban"` (城镇安置)."""
    choices = [f'--answer "{finding.about}={value}" ({text})' for value, text in finding.options]
    return "\n    ".join([str(finding.text), *choices[:MOST_CHOICES]])


def _answered(
    layer: Layer, proposal: Proposal, answers: list[str]
) -> tuple[Interpretation, tuple[Finding, ...]]:
    """With what --answer says, and the questions that stay open."""
    interpretation, still = proposal.interpretation, list(proposal.open)
    for answer in answers:
        finding = _meant(proposal, answer)
        value = answer.removeprefix(f"{finding.about}=")
        interpretation = answered(layer, interpretation, finding, value)
        still = [each for each in still if each is not finding]
    return interpretation, tuple(still)


def _meant(proposal: Proposal, answer: str) -> Finding:
    """The finding that an answer is to; the longest named where one name begins another."""
    named = [each for each in proposal.findings if answer.startswith(f"{each.about}=")]
    if not named:
        raise Rejected(
            _("“%(answer)s” answers no question.") % {"answer": answer},
            remedy=_("--propose prints the questions and what can be answered."),
        )
    return max(named, key=lambda each: (len(each.about), each.must))


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


def refused(error: ServiceError) -> CommandError:
    return CommandError(refusal_text(error), returncode=REFUSED)
