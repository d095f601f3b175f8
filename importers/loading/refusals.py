"""Why an import was not carried out; after each of these nothing of it is written."""

from django.utils.translation import gettext as _

from importers.report import Report
from layers.errors import Conflict, Rejected
from layers.models.journal import Changeset


class RowsRejected(Rejected):
    """Nothing was loaded because rows were rejected; `report` has them."""

    code = "rows-rejected"

    def __init__(self, report: Report) -> None:
        super().__init__(
            _("%(rejected)d of %(read)d rows were rejected, so nothing was loaded.")
            % {"rejected": report.rejected, "read": report.read},
            remedy=_("Correct them and try again, or leave them behind and load the others."),
            detail={"control": "skip_rejected"},
        )
        self.report = report


class AlreadyImported(Conflict):
    """The same run has been carried out before; `changeset` is what it wrote."""

    code = "already-imported"

    def __init__(self, changeset: Changeset) -> None:
        super().__init__(
            _("This run is done: it wrote changeset %(id)d.") % {"id": changeset.pk},
            remedy=_("There is nothing left to do."),
        )
        self.changeset = changeset
