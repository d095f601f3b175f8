"""What a run found, as it is kept and shown: counts, and the first rows of each kind.

    {"phase", "read", "total", "loaded", "counts": {"new", "changed", "unchanged", "missing",
     "conflicting", "rejected"}, "warnings", "rows": {kind: [row, …]}, "changeset"}

A row is {"number", "name", "feature", "text": {"zh", "en"}, "changes": [{"field", "label", "old",
"new"}]}; whatever does not apply is left out.
"""

from dataclasses import asdict
from typing import Any

from importers.deliveries.masking import masked
from importers.report import Report, RowNote

KINDS = ("new", "changed", "unchanged", "missing", "conflicting", "rejected")


def told(report: Report, *, brief: bool = False) -> dict[str, Any]:
    """`brief`: the counts alone, many times a second."""
    good = report.read - report.rejected
    counts = {**dict.fromkeys(KINDS, 0), "new": good, "rejected": report.rejected}
    result: dict[str, Any] = {
        "phase": "loading",
        "read": report.read,
        "total": report.description.rows,
        "loaded": report.loaded,
        "counts": counts,
        "warnings": report.warnings,
    }
    if brief:
        return result
    return {
        **result,
        "rows": {
            "rejected": [_note(each) for each in report.rejected_rows],
            "warned": [_note(each) for each in report.warned_rows],
        },
        "changeset": report.changeset.pk if report.committed and report.changeset else None,
    }


def _note(note: RowNote) -> dict[str, Any]:
    text = {language: masked(words) for language, words in asdict(note.text).items()}
    return {"number": note.number, "text": text}
