"""What a run found, as it is kept and shown.

    {"phase", "read", "total", "loaded", "new", "changed", "unchanged", "missing", "conflicting",
     "rejected", "warnings", "changeset", "new_rows", "changed_rows", "missing_rows",
     "conflicting_rows", "rejected_rows", "warned_rows"}

A row is {"row", "id", "code", "name", "text": {"zh", "en"}, "changes": [{"field", "label", "old",
"new", "theirs"}]}; whatever does not apply is left out.
"""

from dataclasses import asdict
from typing import Any

from importers.deliveries.masking import masked
from importers.report import Report, RowNote


def told(report: Report, *, brief: bool = False) -> dict[str, Any]:
    """`brief`: the counts alone, many times a second."""
    result: dict[str, Any] = {
        "phase": "loading",
        "read": report.read,
        "total": report.description.rows,
        "loaded": report.loaded,
        "new": report.read - report.rejected,
        "rejected": report.rejected,
        "warnings": report.warnings,
    }
    if brief:
        return result
    return {
        **result,
        "rejected_rows": [_note(each) for each in report.rejected_rows],
        "warned_rows": [_note(each) for each in report.warned_rows],
        "changeset": report.changeset.pk if report.committed and report.changeset else None,
    }


def _note(note: RowNote) -> dict[str, Any]:
    text = {language: masked(words) for language, words in asdict(note.text).items()}
    return {"row": note.number, "text": text}
