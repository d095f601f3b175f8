"""What a run found, as it is kept and shown.

    {"phase", "read", "total", "loaded", "new", "changed", "unchanged", "missing", "conflicting",
     "rejected", "warnings", "changeset", "new_rows", "changed_rows", "missing_rows",
     "conflicting_rows", "rejected_rows", "warned_rows"}

A row is {"row", "id", "code", "name", "text": {"zh", "en"}, "changes": [{"field", "label", "old",
"new", "theirs"}]}; whatever does not apply is left out.
"""

from collections.abc import Mapping
from typing import Any

from importers.deliveries.masking import masked
from importers.report import Report


def told(report: Report, *, brief: bool = False) -> dict[str, Any]:
    """`brief`: the counts alone, many times a second."""
    if brief:
        return report.progress()
    return {name: _masked(value) for name, value in report.as_json().items()}


def _masked(value: Any) -> Any:
    """A reason may repeat a cell; numbers of cards and phones are hidden in all texts."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {name: _masked(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_masked(each) for each in value]
    return value
