"""Where parts of the application meet without importing each other."""

from django.dispatch import Signal

features_edited = Signal()
"""Sent inside the edits' transaction with `layer` (Layer) and `edits`: pairs of Edit and Feature,
the row as it is after all of them, or None where it is deleted."""

features_loaded = Signal()
"""Sent inside the load's transaction with `layer` (Layer), `changeset` (Changeset) and `columns`,
the names of those that came with the rows. Who hears it may write the load's rows, and no others of
the layer (layers.editing.aside)."""

defect_found = Signal()
"""Sent inside the transaction of whatever found it, with `layer` (Layer), `feature` (the row),
`actor` (User), `uid` (of the report, so that one report cannot count twice) and `description`."""
