"""Passwords that are made here, to be read from a page or a list and typed once."""

import secrets

# Without letters and digits that look alike; no vowels, so that no word is made.
LETTERS = "bcdfghjkmnpqrstvwxz23456789"
GROUPS, GROUP_LETTERS = 4, 4


def new_password() -> str:
    """19 characters in four groups, 76 bits."""
    return "-".join(
        "".join(secrets.choice(LETTERS) for _letter in range(GROUP_LETTERS))
        for _group in range(GROUPS)
    )
