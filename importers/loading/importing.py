"""A file into a layer: read in the box, judged row by row, loaded as one changeset or not.

Everything happens in one transaction. Rows that are new go by COPY while the next ones are judged;
what changes features that exist is kept until the end and then goes through the editing service,
into the same changeset. A crash so leaves nothing half in.
"""

import io
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from importers.box.reading import opened_in_box
from importers.comparison.existing import Existing, is_empty
from importers.comparison.keys import Key, key_of
from importers.comparison.lookup import Lookup
from importers.comparison.missing import Missing, missing_features
from importers.interpretation import Interpretation
from importers.interpretation import Missing as Treatment
from importers.loading import source
from importers.loading.ahead import Ahead
from importers.loading.applying import A_CALL, Applying
from importers.loading.copying import NewRows
from importers.loading.refusals import AlreadyImported, RowsRejected
from importers.loading.sorting import OURS, Sorting
from importers.loading.spool import Spool
from importers.loading.watch import Progress, Watch
from importers.phrases import said
from importers.readers.specification import FileProblem, SourceDescription
from importers.rejects import Rejects
from importers.report import MissingFeature, Phase, Report
from importers.rows import MADE_WHERE_EMPTY, Judge
from layers.access import policy
from layers.access.policy import Scope
from layers.access.roles import Action
from layers.editing import bulk
from layers.editing.indexes import SMALLEST_LOAD
from layers.errors import Rejected
from layers.models.access import User
from layers.models.journal import Changeset
from layers.registry import Layer
from layers.turns import take_turn


@dataclass(frozen=True)
class Order:
    """What is to be done, as `import_file` was asked."""

    actor: User
    layer: Layer
    path: Path
    interpretation: Interpretation
    name: str
    dry_run: bool
    skip_rejected: bool
    rejects: Path | None
    run: uuid.UUID | None
    scope: Scope
    key: Key | None


def import_file(
    *,
    actor: User,
    layer: Layer,
    path: Path,
    interpretation: Interpretation,
    name: str | None = None,
    dry_run: bool = False,
    skip_rejected: bool = False,
    rejects: Path | None = None,
    run: uuid.UUID | None = None,
    progress: Progress = lambda _report: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Report:
    """Load a file as it was interpreted. On Rejected, RowsRejected, Cancelled, AlreadyImported,
    Forbidden or LoginRequired, and on any crash, nothing is written.

    A dry run does everything, in a transaction that is rolled back. `run` names this attempt: where
    it was committed before, whatever became of the caller since, AlreadyImported says so.
    `progress` and `cancelled` are called in a thread of their own (importers.loading.watch), a few
    times a second. `name` is what the file is called where `path` is not.
    """
    order = Order(
        actor,
        layer,
        path,
        interpretation,
        (name or path.name)[:255],
        dry_run,
        skip_rejected,
        rejects,
        run,
        import_scope(actor),
        key_of(layer, interpretation),
    )
    _require_columns(order)
    _refuse_done(run)
    before = source.identity(path)
    judge = Judge(layer, order.scope, interpretation)
    try:
        # From the end: the transaction ends, reading is stopped, then the thread that reads.
        with (
            Ahead(judge.judge) as ahead,
            opened_in_box(path, table=interpretation.table or None) as boxed,
            transaction.atomic(),
            Watch(progress, cancelled) as watch,
        ):
            report = _report(order, judge, boxed.description)
            watch.over(report)
            _Import(order, judge, report, watch).carry_out(ahead.over(boxed.batches))
            if source.identity(path) != before:
                raise Rejected(
                    _("The file changed while it was read."), remedy=_("Import it again.")
                )
            report.phase = Phase.DONE
            if dry_run:
                transaction.set_rollback(True)
    except FileProblem as problem:
        text = said(problem.text, **problem.parameters)
        raise Rejected(str(text), remedy=str(said(problem.remedy))) from problem
    return report


def import_scope(actor: User) -> Scope:
    """Where the actor may import; what is there already can only be changed by who may edit it."""
    scope = policy.require_somewhere(actor, Action.IMPORT)
    return policy.narrowed(scope, policy.scope(actor, Action.EDIT))


def changeset_of(run: uuid.UUID) -> Changeset | None:
    """What a run has written, if it was committed."""
    return Changeset.objects.filter(run=run).first()


def _refuse_done(run: uuid.UUID | None) -> None:
    found = changeset_of(run) if run is not None else None
    if found is not None:
        raise AlreadyImported(found)


def _require_columns(order: Order) -> None:
    """Without a key every row is new, and a new feature has all that is required."""
    lacking = [
        each
        for each in order.layer.fields
        if each.required
        and each.name not in order.interpretation.columns
        and each.name not in MADE_WHERE_EMPTY
    ]
    if lacking and order.key is None:
        raise Rejected(
            _("No column was found for: %(names)s.")
            % {"names": ", ".join(f"{each.name} ({each.label})" for each in lacking)},
            remedy=_("Name the column with --map FIELD=COLUMN."),
        )


def _report(order: Order, judge: Judge, found: SourceDescription) -> Report:
    names = [column.name for column in found.columns]
    used = [column for columns in judge.columns.values() for column in columns]
    gone = [column for column in (*used, *judge.placement.columns) if column not in names]
    if gone:
        raise Rejected(
            _("The file has no column “%(name)s”.") % {"name": gone[0]},
            remedy=_("It may be another file than the one that was looked at: look at it again."),
        )
    datum = judge.placement.datum
    return Report(
        found,
        datum.name if datum is not None else "",
        {name: " + ".join(columns) for name, columns in judge.columns.items()},
        tuple(name for name in names if name not in (*used, *judge.placement.columns)),
        notes=[said(text, **parameters) for text, parameters in found.notes],
        dry_run=order.dry_run,
        keyed=order.key is not None,
    )


class _Import:
    """The part of an import that happens in its transaction."""

    def __init__(self, order: Order, judge: Judge, report: Report, watch: Watch) -> None:
        self.order = order
        self.judge = judge
        self.report = report
        self.watch = watch
        self.expected_rows = 0

    def carry_out(self, judged: Iterator[Any]) -> None:
        order, report = self.order, self.report
        changeset = self._changeset()
        columns = [each.name for each in report.description.columns if each.name not in OURS]
        with ExitStack() as stack:
            rejects = stack.enter_context(Rejects(order.rejects, columns))
            spool = stack.enter_context(Spool(order.layer))
            new_rows = NewRows(order.layer, self.judge, changeset)
            applying = Applying(
                actor=order.actor,
                layer=order.layer,
                changeset=changeset,
                report=report,
                rejects=rejects,
                watch=self.watch,
            )

            def chunks() -> Iterator[io.BytesIO]:
                # Only now: loads of one layer take turns, and this one sees what others brought.
                sorting = self._sorting(new_rows, rejects, spool)
                yield from self._sorted(judged, sorting)
                self._finish(sorting, applying)

            rows = self._loaded(changeset, new_rows, chunks())
            if not rows:
                Changeset.objects.filter(pk=changeset.pk).update(rows=applying.edits)
        report.changeset = changeset

    def _changeset(self) -> Changeset:
        order = self.order
        try:
            with transaction.atomic():
                return Changeset.objects.create(
                    kind=Changeset.Kind.IMPORT,
                    author=order.actor,
                    layer=order.layer.name,
                    reason=_("Import of %(name)s") % {"name": order.name[:200]},
                    source_name=order.name,
                    source_sha256=source.sha256(order.path),
                    run=order.run,
                )
        except IntegrityError:
            # The same run was being carried out by somebody else, who has just committed it.
            _refuse_done(order.run)
            raise

    def _sorting(self, new_rows: NewRows, rejects: Rejects, spool: Spool) -> Sorting:
        order = self.order
        self.report.phase = Phase.READING if order.key is None else Phase.COMPARING
        fields = [name for name, each in self._fields() if not each]
        if any(each for _name, each in self._fields()):
            fields.append("personal")
        existing = Existing(order.layer, order.scope, order.key, [*fields, "geom"])
        lookup = Lookup(order.key, existing, order.scope) if order.key is not None else None
        return Sorting(
            judge=self.judge,
            lookup=lookup,
            existing=existing,
            new_rows=new_rows,
            report=self.report,
            rejects=rejects,
            spool=spool,
        )

    def _fields(self) -> list[tuple[str, bool]]:
        by_name = self.order.layer.by_name
        return [(name, by_name[name].personal) for name in self.judge.columns]

    @property
    def _refused(self) -> bool:
        """Rows are still read and judged, but nothing is written any more."""
        return bool(self.report.rejected) and not self.order.skip_rejected

    def _sorted(self, judged: Iterator[Any], sorting: Sorting) -> Iterator[io.BytesIO]:
        for each in judged:
            self.watch.check()
            chunk = sorting.take(each)
            if chunk is not None and not self._refused:
                yield chunk
        if not self.report.read:
            raise Rejected(_("The file has no rows."), remedy=_("Check that it is the right one."))
        self._stand_or_fall()

    def _stand_or_fall(self) -> None:
        report = self.report
        if self._refused or report.rejected == report.read:
            raise RowsRejected(report)

    def _finish(self, sorting: Sorting, applying: Applying) -> None:
        """Changes of what exists, when all rows are there: they lock what they change."""
        report = self.report
        report.phase, report.to_do = Phase.LOADING, sorting.spool.count
        applying.change(sorting.spool.pages(A_CALL))
        self._stand_or_fall()
        if sorting.lookup is not None and not sorting.existing.none:
            pages = missing_features(
                self.order.layer,
                self.order.scope,
                sorting.lookup.key,
                applying.changeset,
                sorted(sorting.counties),
            )
            if self.order.interpretation.missing is Treatment.DELETE:
                applying.remove(pages)
            else:
                self._miss(pages)
        self.watch.check()
        report.phase = Phase.INDEXING if self.expected_rows >= SMALLEST_LOAD else Phase.PROVING

    def _miss(self, pages: Iterator[list[Missing]]) -> None:
        for page in pages:
            for each in page:
                kept = MissingFeature(each.feature_id, each.code, each.name, removed=False)
                self.report.miss(kept)

    def _loaded(self, changeset: Changeset, new_rows: NewRows, chunks: Iterator[io.BytesIO]) -> int:
        layer = self.order.layer
        # The turn that the load takes, taken before it is asked whether the layer is empty: only
        # then are its indexes, which rows are looked up by, not needed before the end.
        take_turn(f"load {layer.name}")
        if is_empty(layer):
            self.expected_rows = self.report.total or 0
        try:
            # COPY's own errors come from the driver as they are.
            with connection.wrap_database_errors:
                return bulk.load(
                    actor=self.order.actor,
                    layer=layer,
                    changeset=changeset,
                    columns=new_rows.columns,
                    chunks=chunks,
                    expected_rows=self.expected_rows,
                )
        except IntegrityError as error:
            raise Rejected(
                _("The database refused the rows: %(reason)s")
                % {"reason": str(error).split("\n")[0]},
                remedy=_("Someone may have added the same codes meanwhile: import the file again."),
            ) from error
