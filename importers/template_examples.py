"""What a cell of a template may look like. Invented, and marked as examples where they stand."""

from collections.abc import Sequence

from layers.registry import Field, Kind

OF_FIELDS = {
    "code": "",
    "division": "433124110226",
    "householder": "张某某",
    "id_number": "433124199001010011",
    "phone": "07431234567",
}
OF_KINDS = {
    Kind.INTEGER: "12",
    Kind.DECIMAL: "3.5",
    Kind.DATE: "2024-05-01",
    Kind.YEAR: "2024",
}


def example_of(kind: Kind, choices: Sequence[str], field: Field, language: str) -> str:
    """The first choice, where there are some."""
    if choices:
        return choices[0]
    if field.name in OF_FIELDS:
        return OF_FIELDS[field.name]
    if field.name == "name":
        return "示例" if language == "zh" else "Example"
    return OF_KINDS.get(kind, "")
