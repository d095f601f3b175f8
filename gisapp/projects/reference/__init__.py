"""The code lists of projects (domain.md §2), as data that a bureau revises."""

from pathlib import Path

from layers.reference.loading import load_code_lists

CODE_LISTS = Path(__file__).parent / "code_lists.csv"


def load_project_code_lists() -> int:
    return load_code_lists(CODE_LISTS)
