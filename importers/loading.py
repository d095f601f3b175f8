"""A file into a layer: read in the box, judged row by row, loaded as one changeset or not."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from importers.box.reading import Boxed, BoxLimits, opened_in_box
from importers.interpretation import PlaceReading, PlaceSource
from importers.matching import match
from importers.phrases import Phrase, gettext_noop, said
from importers.places.advice import mismatched, missing, near_hunan
from importers.places.datums import Datum, Shapes, named_datum, read_datum
from importers.places.placement import Placement
from importers.readers.specification import GEOMETRY_COLUMN, FileProblem, SourceDescription
from importers.rejects import Rejects
from importers.report import Report
from importers.rows import RowPipeline
from layers.access import policy
from layers.access.roles import Action
from layers.editing import bulk
from layers.errors import Rejected
from layers.models.access import User
from layers.models.journal import Changeset
from layers.registry import Layer

HASH_CHUNK = 1 << 20
Progress = Callable[[Report], None]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """`datum` overrides what the file states; `columns` is --map."""

    datum: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    table: str | None = None
    dry_run: bool = False
    skip_rejected: bool = False
    rejects: Path | None = None
    box: BoxLimits = field(default_factory=BoxLimits)


class RowsRejected(Rejected):
    """Nothing was loaded because rows were rejected; `report` has them."""

    code = "rows-rejected"

    def __init__(self, report: Report) -> None:
        super().__init__(
            _("%(rejected)d of %(read)d rows were rejected, so nothing was loaded.")
            % {"rejected": report.rejected, "read": report.read},
            remedy=_("Correct them and try again, or load the others with --skip-rejected."),
        )
        self.report = report


def import_file(
    *,
    actor: User,
    layer: Layer,
    path: Path,
    options: ImportOptions | None = None,
    progress: Progress = lambda _report: None,
) -> Report:
    """Load a file; on Rejected, RowsRejected, Forbidden or LoginRequired nothing is written.

    A dry run does everything, in a transaction that is rolled back.
    """
    options = options or ImportOptions()
    scope = policy.require_somewhere(actor, Action.IMPORT)
    before = _identity(path)
    try:
        with (
            opened_in_box(path, table=options.table, box=options.box) as boxed,
            transaction.atomic(),
        ):
            report = _load(actor, scope, layer, path, options, boxed, progress)
            if _identity(path) != before:
                raise Rejected(
                    _("The file changed while it was read."), remedy=_("Import it again.")
                )
            if options.dry_run:
                transaction.set_rollback(True)
    except FileProblem as problem:
        text = said(problem.text, **problem.parameters)
        raise Rejected(str(text), remedy=str(said(problem.remedy))) from problem
    return report


def _load(
    actor: User,
    scope: policy.Scope,
    layer: Layer,
    path: Path,
    options: ImportOptions,
    boxed: Boxed,
    progress: Progress,
) -> Report:
    found = boxed.description
    encoding = found.encoding if found.names_cut else "utf-8"
    matches = match(
        layer,
        [column.name for column in found.columns],
        stated=options.columns,
        names_cut=found.names_cut,
        encoding=encoding,
    )
    batches, sample = _with_sample(boxed.batches)
    datum, why = _datum(found, sample, options.datum)
    report = Report(
        found,
        datum.name if datum else "",
        why,
        matches.columns,
        matches.unmatched,
        notes=[said(text, **parameters) for text, parameters in found.notes],
        dry_run=options.dry_run,
    )
    changeset = Changeset.objects.create(
        kind=Changeset.Kind.IMPORT,
        author=actor,
        layer=layer.name,
        reason=_("Import of %(name)s") % {"name": path.name[:200]},
        source_name=path.name[:255],
        source_sha256=_sha256(path),
    )
    with Rejects(options.rejects, [column.name for column in found.columns]) as rejects:
        pipeline = RowPipeline(
            layer=layer,
            scope=scope,
            matches=matches,
            placement=Placement(layer, _reading(datum)),
            changeset=changeset,
            report=report,
            rejects=rejects,
            skip_rejected=options.skip_rejected,
        )
        report.loaded = _copied(
            actor, layer, changeset, pipeline, _watched(batches, report, progress)
        )
    report.changeset = changeset
    return report


def _copied(
    actor: User,
    layer: Layer,
    changeset: Changeset,
    pipeline: RowPipeline,
    batches: Iterator[Any],
) -> int:
    def chunks() -> Iterator[Any]:
        yield from pipeline.chunks(batches)
        if not pipeline.report.read:
            raise Rejected(_("The file has no rows."), remedy=_("Check that it is the right one."))
        if pipeline.report.rejected and not pipeline.skip_rejected:
            raise RowsRejected(pipeline.report)
        if pipeline.report.rejected == pipeline.report.read:
            raise RowsRejected(pipeline.report)

    try:
        return bulk.load(
            actor=actor,
            layer=layer,
            changeset=changeset,
            columns=pipeline.columns,
            chunks=chunks(),
        )
    except IntegrityError as error:
        raise Rejected(
            _("The database refused the rows: %(reason)s") % {"reason": str(error).split("\n")[0]},
            remedy=_("Someone may have added the same codes meanwhile: import the file again."),
        ) from error


def _watched(batches: Iterator[Any], report: Report, progress: Progress) -> Iterator[Any]:
    for batch in batches:
        yield batch
        progress(report)


def _with_sample(batches: Iterator[Any]) -> tuple[Iterator[Any], Shapes]:
    """The batches, and the shapes of the first of them, to judge the datum by."""
    first = next(batches, None)
    if first is None:
        return iter(()), np.array([], dtype=object)
    wkb = np.array([*first.column(GEOMETRY_COLUMN).to_pylist(), None], dtype=object)[:-1]
    shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    return chain([first], batches), shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]


def _datum(
    found: SourceDescription, sample: Shapes, stated: str | None
) -> tuple[Datum | None, Phrase]:
    """The datum and where it is known from; None where the file has no geometry at all."""
    if stated:
        datum, why = named_datum(stated), said(gettext_noop("stated with --datum"))
    elif not len(sample):
        return None, said(gettext_noop("no geometry"))
    elif found.crs is None:
        raise missing(sample)
    else:
        datum = read_datum(found.crs)
        why = said(
            gettext_noop("stated in the file")
            if found.crs_stated
            else gettext_noop("the format's own, the file states none")
        )
    if len(sample) and not near_hunan(datum.to_stored(sample)):
        refusal = mismatched(datum, sample)
        if refusal is not None:
            raise refusal
    return datum, why


def _reading(datum: Datum | None) -> PlaceReading:
    if datum is None:
        return PlaceReading(source=PlaceSource.NONE)
    return PlaceReading(datum=datum.reference)


def _identity(path: Path) -> tuple[int, int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise Rejected(
            _("There is no file %(path)s.") % {"path": path}, remedy=_("Check the name.")
        ) from error
    if not path.is_file():
        raise Rejected(
            _("%(path)s is not a file.") % {"path": path}, remedy=_("Zip a folder's Shapefile.")
        )
    return (status.st_ino, status.st_size, status.st_mtime_ns)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(HASH_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
