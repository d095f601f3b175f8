"""The journal of an export with personal data: one look for each record that is in the file."""

from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from importers.exporting.rows import DIVISION, ID
from layers.errors import BadRequest, Rejected
from layers.models.access import Unmasking, User
from layers.registry import Layer
from layers.sql_files import packaged_sql

SQL = Path(__file__).parent / "sql"
MOST_RECORDS = 100_000
"""With personal data; a county's households. Each is one link in the journal's chain."""
ROWS_A_STATEMENT = 10_000


class Looks:
    """Remembers whose data were read, and journals it in the transaction that read them."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer
        self._batches: list[pa.RecordBatch] = []

    def note(self, batch: pa.RecordBatch) -> None:
        self._batches.append(batch.select([ID, DIVISION]))

    def journal(self, *, actor: User, reason: str) -> int:
        """Writes the entries and returns how many."""
        if not self._batches:
            return 0
        looked = pa.Table.from_batches(self._batches)
        who: dict[str, Any] = {
            "user": actor.pk,
            "layer": self._layer.name,
            "reason": reason,
            "at": timezone.now(),
        }
        with connection.cursor() as cursor:
            for part in looked.to_batches(max_chunksize=ROWS_A_STATEMENT):
                ids, divisions = (column.to_pylist() for column in part.columns)
                cursor.execute(
                    packaged_sql("journal_looks", SQL), {**who, "ids": ids, "divisions": divisions}
                )
        return int(looked.num_rows)


def reason_of(text: str) -> str:
    """What is journalled as the reason. Raises BadRequest where there is none."""
    given = text.strip()
    if not given:
        raise BadRequest(_("Say why you need to see this."), remedy=_("Give a reason."))
    most: int = Unmasking._meta.get_field("reason").max_length or 0
    return (_("Export: %(reason)s") % {"reason": given})[:most]


def require_few(records: int) -> None:
    if records > MOST_RECORDS:
        raise Rejected(
            _("%(records)d records are too many to export with personal data (at most %(most)d).")
            % {"records": records, "most": MOST_RECORDS},
            remedy=_("Choose a smaller division, or export without personal data."),
        )
