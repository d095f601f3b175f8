"""Where parts of the application meet without importing each other."""

from django.dispatch import Signal

feature_edited = Signal()
"""Sent inside the edit's transaction with `layer` (Layer), `edit` (Edit) and `feature` (the row as
it now is, or None after a delete)."""

features_loaded = Signal()
"""Sent inside the load's transaction with `layer` (Layer) and `changeset` (Changeset)."""

defect_found = Signal()
"""Sent inside the transaction of whatever found it, with `layer` (Layer), `feature` (the row),
`actor` (User), `uid` (of the report, so that one report cannot count twice) and `description`."""
