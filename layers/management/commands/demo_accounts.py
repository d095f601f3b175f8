"""manage.py demo_accounts: one account for each role, to try the service with."""

import unicodedata
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from layers.access.roles import ROLE_LABELS
from layers.demonstration.accounts import Account, ensure_accounts, place_of


class Command(BaseCommand):
    help = (
        "Make one demonstration account for each role and print their passwords, this once. "
        "Again: change nothing, and say so."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reset", action="store_true", help="give the accounts new passwords and print them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        passwords = ensure_accounts(reset=options["reset"])
        rows = [
            (account.username, password, str(ROLE_LABELS[account.role]), place_of(account))
            for account, password in passwords.items()
            if password
        ]
        if rows:
            self._table([("username", "password", "role", "where"), *rows])
            self.stdout.write("The passwords are shown only now. --reset makes new ones.")
        self._left_alone([account for account, password in passwords.items() if not password])

    def _table(self, rows: list[tuple[str, str, str, str]]) -> None:
        widths = [max(_width(row[column]) for row in rows) for column in range(4)]
        for row in rows:
            cells = [
                cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
            ]
            self.stdout.write("  ".join(cells).rstrip())

    def _left_alone(self, accounts: list[Account]) -> None:
        if accounts:
            names = ", ".join(account.username for account in accounts)
            self.stdout.write(f"There already: {names}. demo_accounts --reset makes new passwords.")


def _width(text: str) -> int:
    """Columns in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
