"""Imports a raster as one call. The box is a process of its own; where a test is not about it, its
tasks run here, which is ten times as fast."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rasterio

from importers.box.tasks import task_named
from importers.rasters import boxing, tasks
from importers.rasters.importing import RasterOptions, import_raster
from importers.rasters.registering import Card
from importers.rasters.report import RasterReport
from layers.models import Division, RasterKind, User
from tests.conftest import HUAYUAN

Import = Callable[..., RasterReport]


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def unboxed(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(task: str, request: dict[str, Any], *, writable: Path, **_options: Any) -> Any:
        return task_named(task)(request, writable)

    monkeypatch.setattr(boxing, "run_in_box", run)
    monkeypatch.setattr(tasks, "_end_when_cancelled", lambda _folder: None)


@pytest.fixture
def imported(chief: User) -> Import:
    """`imported(path, "imagery", replace=True)`, for 花垣县 and by the superuser unless told."""

    def run(path: Path, kind: str = "elevation", **options: Any) -> RasterReport:
        card = {
            "name": options.pop("name", "trial"),
            "title": "试验影像",
            "kind": RasterKind(kind),
            "division": Division.objects.get(pk=options.pop("division", HUAYUAN)),
            "public": options.pop("public", False),
            "map_number": options.pop("map_number", ""),
        }
        actor, watch = options.pop("actor", chief), options.pop("watch", None)
        return import_raster(
            actor=actor, path=path, card=Card(**card), options=RasterOptions(**options), watch=watch
        )

    return run


@pytest.fixture
def opened(imported: Import) -> Callable[..., Any]:
    """Imports and opens what came of it, in the caller's `with`."""

    def run(*arguments: Any, **options: Any) -> Any:
        report = imported(*arguments, **options)
        assert report.raster is not None
        return rasterio.open(report.raster.path)

    return run
