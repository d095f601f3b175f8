"""A file into a layer: read in the box, judged row by row, loaded as one changeset or not.

Everything happens in one transaction. Rows that are new go by COPY while the next ones are judged;
what changes features that exist is kept until the end and then goes through the editing service,
into the same changeset. A crash so leaves nothing half in.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from importers import source
from importers.comparison.keys import key_of
from importers.interpretation import Interpretation
from importers.loading.ahead import Ahead
from importers.loading.order import Order, refuse_done
from importers.loading.transaction import ImportTransaction, ReadyRows
from importers.loading.watch import Progress, Watch
from importers.opening import Opened, opened
from importers.phrases import said
from importers.readers.specification import FileProblem, SourceDescription
from importers.report import Phase, Report
from importers.rows import MADE_WHERE_EMPTY, Judge, Judged
from layers.access import policy
from layers.access.policy import Scope
from layers.access.roles import Action
from layers.errors import Rejected
from layers.models.access import User
from layers.registry import Layer


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
    file: Opened | None = None,
    progress: Progress = lambda _report: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Report:
    """Load a file as it was interpreted. On Rejected, RowsRejected, Cancelled, AlreadyImported,
    Forbidden or LoginRequired, and on any crash, nothing is written.

    A dry run does everything, in a transaction that is rolled back. `run` names this attempt: where
    it was committed before, whatever became of the caller since, AlreadyImported says so.
    `progress` and `cancelled` are called in a thread of their own (importers.loading.watch), a few
    times a second. `name` is what the file is called where `path` is not. `file` is the one at
    `path` as a proposal opened it (importers.proposing.proposed): used if its table is right.
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
    refuse_done(run)
    judge = Judge(layer, order.scope, interpretation)
    try:
        # From the end: the transaction ends, reading is stopped, then the threads that wait for it.
        with (
            Ahead[Judged]() as judging,
            Ahead[ReadyRows]() as sorting,
            _at_table(interpretation.table, path, file) as found,
            transaction.atomic(),
            Watch(progress, cancelled) as watch,
        ):
            report = _report(order, judge, found.boxed.description)
            watch.over(report)
            judged = judging.over(map(judge.judge, found.boxed.batches))
            ImportTransaction(order, judge, report, watch, sorting).carry_out(judged)
            if source.identity(path) != found.identity:
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


@contextmanager
def _at_table(table: str, path: Path, file: Opened | None) -> Iterator[Opened]:
    """The file as it is open already, or opened now; no longer read at the end."""
    if file is None or table not in (file.table, file.boxed.description.table):
        with opened(path, table) as file:
            yield file
        return
    try:
        yield file
    finally:
        file.boxed.stop()


def import_scope(actor: User) -> Scope:
    """Where the actor may import; what is there already can only be changed by who may edit it."""
    scope = policy.require_somewhere(actor, Action.IMPORT)
    return policy.narrowed(scope, policy.scope(actor, Action.EDIT))


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
