"""bin/manage: one management command, with the service's environment and a running database."""

import contextlib
import sys
from dataclasses import replace
from pathlib import Path

from .preparation import prepared
from .processes import attached


def manage(project: Path, arguments: list[str]) -> int:
    """Run `manage.py` with these arguments in the caller's folder; return its exit code.

    Set-up reports on standard error: standard output belongs to the command.
    """
    here = Path.cwd()
    with contextlib.redirect_stdout(sys.stderr), prepared(project) as ready:
        command = ready.program("python", str(project / "manage.py"), *arguments)
        return attached(replace(command, folder=here))
