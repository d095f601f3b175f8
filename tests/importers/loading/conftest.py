"""Deliveries of one county's toilets, one after the other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shapely import Point

from importers.interpretation import ColumnChoice, Interpretation, PlaceReading
from importers.loading import import_file
from importers.report import Report
from layers.models import User
from layers.registry import LAYERS
from tests.importers import files

TOILETS = LAYERS["toilets"]
COLUMNS = {
    "code": "编号",
    "category": "类别",
    "toilet_type": "类型",
    "village_group": "村组",
    "keeper": "管护",
    "completed_on": "建成",
    "room_area_m2": "面积",
    "householder": "户主",
    "phone": "电话",
    "division": "区划",
}
ROW = {"类别": "户厕", "类型": "三格式", "村组": "一组", "面积": 3.5, "建成": "2020年5月1日"}


def at(number: int) -> Point:
    """A place in 花垣县, another for each number."""
    return Point(109.48 + number / 1000, 28.57)


def rows(count: int, **changed: Any) -> list[dict[str, Any]]:
    return [{"编号": f"T-{number}", **ROW, **changed} for number in range(1, count + 1)]


@pytest.fixture
def deliver(chief: User, tmp_path: Path) -> Callable[..., Report]:
    """Loads rows by their code; without `places` each at its number's."""

    def load(
        told: list[dict[str, Any]],
        *,
        places: list[Point | None] | None = None,
        key: tuple[str, ...] = ("code",),
        **options: Any,
    ) -> Report:
        columns = {n: ColumnChoice(c) for n, c in COLUMNS.items() if any(c in row for row in told)}
        if places is None:
            places = [at(int(str(row.get("编号") or "T-0").split("-")[1])) for row in told]
        path = files.geopackage(tmp_path / "rows.gpkg", told, places)
        interpretation = Interpretation(
            columns=columns,
            key=key,
            place=PlaceReading(datum="EPSG:4490"),
            **options.pop("interpreted", {}),
        )
        options.setdefault("actor", chief)
        return import_file(layer=TOILETS, path=path, interpretation=interpretation, **options)

    return load
