"""Loading: a file into a layer as it was interpreted, and back."""

from importers.cancellation import Cancelled
from importers.loading.importing import import_file
from importers.loading.order import changeset_of
from importers.loading.refusals import AlreadyImported, RowsRejected
from importers.loading.undoing import Kept, Undone, undo_import

__all__ = [
    "AlreadyImported",
    "Cancelled",
    "Kept",
    "RowsRejected",
    "Undone",
    "changeset_of",
    "import_file",
    "undo_import",
]
