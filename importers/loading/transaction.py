"""What of an import happens in its transaction: rows that are new, changed, or missing."""

import io
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from importers import source
from importers.comparison.existing import Existing, is_empty
from importers.comparison.lookup import Lookup
from importers.comparison.missing import Missing, missing_features
from importers.interpretation import Missing as Treatment
from importers.loading.ahead import Ahead
from importers.loading.applying import A_CALL, Applying
from importers.loading.copying import NewRows
from importers.loading.order import Order, refuse_done
from importers.loading.refusals import RowsRejected
from importers.loading.sorting import OURS, Sorting
from importers.loading.spool import Spool
from importers.loading.watch import Watch
from importers.rejects import Rejects
from importers.report import MissingFeature, Phase, Report
from importers.rows import Judge
from layers.editing import bulk
from layers.editing.indexes import SMALLEST_LOAD
from layers.errors import Rejected
from layers.models.journal import Changeset
from layers.turns import take_turn

ReadyRows = io.BytesIO | None
"""Rows as COPY takes them, where a batch has any that are new."""


class ImportTransaction:
    """Carries out one order; whoever calls it opens the transaction and ends it.

    `ahead` is stopped by the caller, too: after the transaction, when nothing is read any more.
    """

    def __init__(
        self, order: Order, judge: Judge, report: Report, watch: Watch, ahead: Ahead[ReadyRows]
    ) -> None:
        self.order = order
        self.judge = judge
        self.report = report
        self.watch = watch
        self.ahead = ahead
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
            refuse_done(order.run)
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
        taken: Iterator[ReadyRows] = map(sorting.take, judged)
        # While the database takes rows, the next ones are made ready.
        for chunk in taken if sorting.asks_database else self.ahead.over(taken):
            self.watch.check()
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
