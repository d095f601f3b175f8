"""docs/access.md says what the code does."""

from datetime import timedelta
from pathlib import Path

from gisapp.header_credentials import PATHS
from layers.access import throttle, tokens
from layers.access.roles import PERMISSIONS, Action, Role

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "access.md").read_text()


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def test_the_table_of_roles_and_actions_is_the_codes() -> None:
    lines = [line for line in TEXT.splitlines() if line.startswith("|")]
    start = next(at for at, line in enumerate(lines) if cells(line)[0] == "role")
    actions = [Action(name) for name in cells(lines[start])[1:]]
    assert actions == list(Action)
    written = {
        Role(row[0]): frozenset(a for a, cell in zip(actions, row[1:], strict=True) if cell)
        for row in map(cells, lines[start + 2 : start + 2 + len(Role)])
    }
    assert written == PERMISSIONS


def test_its_numbers_are_the_codes() -> None:
    of_account, of_address = throttle.counters(purpose="client", username="a", address="192.0.2.1")
    assert (of_account.free, of_account.longest) == (10, timedelta(minutes=5))
    assert (of_address.free, of_address.longest) == (200, timedelta(minutes=1))
    assert tokens.LIFETIMES_DAYS == (30, 90, 365)
    assert "30, 90 or 365 days" in TEXT
    assert "After 10 failures" in TEXT
    assert "200 failures" in TEXT
    assert all(f"`{path}`" in TEXT for path in PATHS)
