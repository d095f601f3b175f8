"""export_layer: the one way out of a layer into a file."""

import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from importers.exporting.about import about
from importers.exporting.columns import Source, sources_of, text_of
from importers.exporting.datums import target_datum
from importers.exporting.journal import Looks, reason_of, require_few
from importers.exporting.permission import require_unmask_all, scope_of
from importers.exporting.rows import DEMONSTRATION, Rendering, counted, read_rows
from importers.exporting.wish import (
    LANGUAGES,
    Cancelled,
    ExportCancelled,
    ExportReport,
    Progress,
    Wish,
)
from importers.phrases import Phrase, gettext_noop, said
from importers.places.datums import Datum
from importers.writers.specification import DrawingLayer, Rows, WriteProblem, Written
from layers.access.policy import Scope
from layers.codes import CodeLists, every_label
from layers.divisions.names import place_names
from layers.errors import Rejected
from layers.models.access import User
from layers.models.division import Division

OWNER_ONLY = 0o600


def export_layer(
    *,
    actor: User,
    wish: Wish,
    target: Path,
    progress: Progress = lambda _report: None,
    cancelled: Cancelled = lambda: False,
) -> ExportReport:
    """Write what the actor may see of a layer to a new file that only its owner may read.

    Rows are streamed: memory does not grow with them. With personal data every record in the file
    is journalled as looked at, in the transaction that reads it; the file appears after that is
    committed. On any error there is neither file nor entry.

    Raises LoginRequired, Forbidden, NotFound; Rejected for what the format cannot hold or a datum
    that is none; ExportCancelled when `cancelled` says so; OSError when the disk refuses.
    """
    scope = scope_of(actor, wish.division)
    datum = target_datum(wish.datum)
    check(wish, datum)
    reason = reason_of(wish.reason) if wish.personal else ""
    if wish.personal:
        require_unmask_all(actor, scope)
    if target.exists():
        raise Rejected(
            _("There is a file %(name)s already.") % {"name": target.name},
            remedy=_("Remove it, or give another name."),
        )
    report = ExportReport(prefixes=scope.prefixes)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as scratch:
        # With the format's extension, whatever the target is called: GDAL makes a folder of a
        # FlatGeobuf without one.
        partial = Path(scratch) / f"rows{wish.format.extension}"
        with transaction.atomic():
            looks = Looks(wish.layer)
            run = _Run(actor, wish, scope, datum, report, looks, progress, cancelled)
            run.write(partial)
            if wish.personal:
                report.unmasked = looks.journal(actor=actor, reason=reason)
        partial.chmod(OWNER_ONLY)
        report.size = partial.stat().st_size
        partial.replace(target)
    progress(report)
    return report


def check(wish: Wish, datum: Datum) -> None:
    """Raises Rejected for a wish that its format or its layer cannot fulfil."""
    unknown = sorted(set(wish.fields or ()) - set(wish.layer.by_name))
    hidden = [each for each in wish.layer.personal_fields() if each.name in (wish.fields or ())]
    if unknown or (hidden and not wish.personal):
        names = ", ".join(unknown or [each.name for each in hidden])
        raise Rejected(
            _("These fields cannot be exported: %(names)s.") % {"names": names},
            remedy=_("The layer has: %(names)s") % {"names": ", ".join(wish.layer.by_name)},
        )
    if wish.language not in LANGUAGES:
        raise Rejected(_("The language is zh or en."))
    if wish.personal and wish.at is not None:
        raise Rejected(
            _("Personal data are exported as they are now."), remedy=_("Leave the moment out.")
        )
    _check_format(wish, datum)


def _check_format(wish: Wish, datum: Datum) -> None:
    label = str(wish.format.label)
    if wish.format.wgs84_only and not datum.geographic:
        raise Rejected(
            _("%(format)s is in longitude and latitude by definition.") % {"format": label},
            remedy=_("Choose EPSG:4490, or another format."),
        )
    if datum.offset and (wish.format.wgs84_only or wish.format.wgs84_unless_said):
        raise Rejected(
            _("Every program would take %(datum)s in %(format)s for WGS 84.")
            % {"datum": datum.name, "format": label},
            remedy=_("Choose EPSG:4490, or GeoPackage, CSV or a workbook."),
        )
    if wish.layer.geometry not in wish.format.geometries:
        raise Rejected(
            _("%(format)s holds points only.") % {"format": label},
            remedy=_("Choose another format."),
        )


@dataclass(frozen=True, slots=True)
class _Run:
    """One export under way, inside its transaction."""

    actor: User
    wish: Wish
    scope: Scope
    datum: Datum
    report: ExportReport
    looks: Looks
    progress: Progress
    cancelled: Cancelled

    def write(self, partial: Path) -> None:
        wish, report = self.wish, self.report
        report.total = counted(wish, self.scope)
        _check_size(wish, report.total)
        lists = every_label({each.codes for each in wish.layer.fields if each.codes})
        with translation.override(LANGUAGES[wish.language]):
            sources = sources_of(wish, lists, _places(self.scope))
            # Closed before the transaction ends: COPY has the connection until then.
            with closing(self._batches(sources)) as batches:
                made = _made(wish, self._rows(sources, lists, batches), partial)
        report.notes = _notes(made, report)

    def _rows(
        self, sources: list[Source], lists: CodeLists, batches: Iterator[pa.RecordBatch]
    ) -> Rows:
        layer = self.wish.layer
        return Rows(
            table=layer.name.replace("-", "_"),
            title=text_of(layer.title, self.wish.language),
            geometry=layer.geometry,
            crs=None if self.datum.offset else self.datum.crs,
            datum=self.datum.name,
            columns=tuple(each.column for each in sources),
            batches=batches,
            about=about(self.wish, self.datum, self.actor),
            language=self.wish.language,
            classify=layer.classify,
            classes=_classes(self.wish, lists),
            color=layer.style.color,
            count=self.report.total,
            places_may_lack=layer.geometry_may_be_empty,
        )

    def _batches(self, sources: list[Source]) -> Generator[pa.RecordBatch, None, None]:
        """The rendered batches; counts them, and stops when asked to."""
        rendering = Rendering(self.wish.layer, sources, self.datum)
        with closing(read_rows(self.wish, self.scope, sources)) as batches:
            for batch in batches:
                if self.cancelled():
                    raise ExportCancelled(_("The export was cancelled."))
                if self.wish.personal:
                    self.looks.note(batch)
                yield rendering.rendered(batch)
                self.report.rows += batch.num_rows
                self.report.demonstration += pc.sum(batch.column(DEMONSTRATION)).as_py() or 0
                self.progress(self.report)


def _made(wish: Wish, rows: Rows, partial: Path) -> Written:
    try:
        return wish.format.writer.write(rows, partial)
    except WriteProblem as problem:
        text, remedy = said(problem.text, **problem.parameters), said(problem.remedy)
        raise Rejected(str(text), remedy=str(remedy)) from problem


def _check_size(wish: Wish, rows: int) -> None:
    if wish.personal:
        require_few(rows)
    most = wish.format.most_rows
    if most is not None and rows > most:
        raise Rejected(
            _("%(rows)d rows are more than the %(most)d of a sheet.")
            % {"rows": rows, "most": most},
            remedy=_("Choose CSV or GeoPackage, or a smaller division."),
        )


def _places(scope: Scope) -> dict[str, str]:
    """Full names of all divisions that rows of this scope can be in."""
    return place_names(Division.objects.filter(scope.q("code")).values_list("code", flat=True))


def _classes(wish: Wish, lists: CodeLists) -> tuple[DrawingLayer, ...]:
    field = wish.layer.by_name[wish.layer.classify]
    style = wish.layer.style
    return tuple(
        DrawingLayer(text_of(label, wish.language), style.classes.get(code, style.color))
        for code, label in lists.get(field.codes or "", {}).items()
    )


def _notes(made: Written, report: ExportReport) -> list[Phrase]:
    notes = [said(text, **parameters) for text, parameters in made.notes]
    if report.demonstration:
        text = gettext_noop("%(count)d of the rows are demonstration data: invented.")
        notes.append(said(text, count=report.demonstration))
    return notes
