"""The list of fields that goes into a zip whose format cuts names: 字段说明.csv / fields.csv."""

import csv
import io
from collections.abc import Sequence

from django.utils.translation import gettext as _

from importers.readers.specification import EXPLANATION_FILES
from importers.writers.guarding import guarded
from importers.writers.specification import Rows

BOM = "\ufeff"


def field_list(rows: Rows, names: Sequence[str]) -> tuple[str, bytes]:
    """Name of the entry and its bytes: the name in the file, the full one, what it means.

    Below it stands what the file's metadata would say, had the format any.
    """
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow([_("Name in the file"), _("Field"), _("Code name"), _("Explanation")])
    for name, column in zip(names, rows.columns, strict=True):
        sheet.writerow(
            [guarded(cell) for cell in (name, column.header, column.name, column.meaning)]
        )
    sheet.writerow([])
    for label, told in rows.about:
        sheet.writerow([guarded(label), guarded(told)])
    name = EXPLANATION_FILES[0 if rows.language == "zh" else 1]
    return name, (BOM + text.getvalue()).encode()
