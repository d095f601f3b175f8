"""Refusals as the commands print them: with the flag that is the remedy's control there.

What refuses knows nothing of flags or pages: its remedy is worded for both, and `control` in its
detail names what has to be set. On a page that is a control beside the text.
"""

from importers.readers.specification import SeveralTables
from layers.errors import ServiceError

FLAGS = {
    "datum": "--datum D (--datum cgcs2000-3-37)",
    "columns": "--map FIELD=COLUMN",
    "table": "--table NAME",
    "skip_rejected": "--skip-rejected",
    "division": "--division CODE",
    "map_number": "--map-number N",
    "replace": "--replace",
}
"""By control: what is typed."""


def refusal_text(error: ServiceError) -> str:
    """Message, remedy and flag, a line each."""
    tables = isinstance(error.__cause__, SeveralTables)
    flag = FLAGS.get("table" if tables else str(error.detail.get("control", "")), "")
    return "\n".join(filter(None, (str(error.message), str(error.remedy), flag)))
