"""What else is done in the box beside reading rows: functions by name, each one row here.

A task takes the request (plain JSON) and the folder it may write to, and returns plain JSON. It is
imported after the walls are closed, so it may bring any library that parses, but nothing that
needs Django's settings, the database or the network. It raises FileProblem for what is wrong with
the file.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

Task = Callable[[dict[str, Any], Path], dict[str, Any]]

TASKS: dict[str, str] = {
    "readers.survey": "importers.readers.survey:survey",
    "rasters.inspect": "importers.rasters.tasks:inspect_raster",
    "rasters.convert": "importers.rasters.tasks:convert_raster",
    "rasters.verify": "importers.rasters.tasks:verify_raster",
}
"""Name to "module:function"."""


def task_named(name: str) -> Task:
    """Raises KeyError where there is no such task."""
    module, _colon, function = TASKS[name].partition(":")
    task: Task = getattr(import_module(module), function)
    return task
