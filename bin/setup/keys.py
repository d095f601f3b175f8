"""Secrets made once for a checkout and kept in its state folder, readable by its owner only."""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from .console import Failure, Step
from .state import State

GENERATED = ("SECRET_KEY", "FIELD_KEY", "DATABASE_PASSWORD")


def fresh() -> dict[str, str]:
    """New secrets; FIELD_KEY is 32 random bytes in URL-safe base64."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "DATABASE_PASSWORD": secrets.token_urlsafe(24),
    }


def parse(text: str) -> dict[str, str]:
    """Read NAME=value lines; blank lines and those that start with # say nothing."""
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def ensure(state: State, step: Step) -> Mapping[str, str]:
    """This checkout's secrets, made if there are none yet.

    Raises Failure where the file is gone or incomplete but a database was made with it: a new
    FIELD_KEY could not read the personal data in it, so none is made silently.
    """
    if state.secrets.exists():
        known = parse(state.secrets.read_text())
        step.result = f"kept in {state.secrets}"
    elif (state.root / "cluster").exists():
        known = {}
    else:
        known = fresh()
        write(state, known)
        step.result = f"made, in {state.secrets}"
    missing = [name for name in GENERATED if not known.get(name)]
    if missing:
        raise Failure(
            f"{state.secrets} lacks {', '.join(missing)}, which the existing database needs",
            f"put that file back from a backup, or, to start from nothing, remove {state.root}",
        )
    return known


def write(state: State, values: Mapping[str, str]) -> None:
    """Write the secrets file."""
    head = "# Back this file up: without FIELD_KEY, personal data cannot be read.\n"
    lines = (f"{name}={value}\n" for name, value in values.items())
    write_private(state.secrets, head + "".join(lines))


def write_private(path: Path, text: str) -> None:
    """Write a file with mode 0600 from its first byte, and all of it or nothing."""
    temporary = path.with_name(f"{path.name}.new")
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    temporary.replace(path)
