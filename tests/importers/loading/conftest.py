"""Deliveries of one county's toilets, one after the other.

Their rows come in memory: starting the box takes longer than all else. That real files arrive
through it, test_import_layer.py tests.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import shapely
from shapely import Point

from importers import opening
from importers.box.reading import Boxed
from importers.interpretation import ColumnChoice, Interpretation, PlaceReading
from importers.loading import import_file
from importers.readers.specification import GEOMETRY_COLUMN, Column, SourceDescription
from importers.report import Report
from layers.models import User
from layers.registry import LAYERS

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


def table(told: list[dict[str, Any]], places: list[Point | None]) -> pa.Table:
    """The rows as a reader hands them on."""
    names = list(dict.fromkeys(name for row in told for name in row))
    columns = {name: pa.array([row.get(name) for row in told]) for name in names}
    wkb = [None if each is None else shapely.to_wkb(each) for each in places]
    return pa.table({**columns, GEOMETRY_COLUMN: pa.array(wkb, pa.binary())})


def boxed(found: pa.Table, batch_rows: int = 20_000) -> Boxed:
    columns = tuple(
        Column(each.name, str(each.type)) for each in found.schema if each.name != GEOMETRY_COLUMN
    )
    described = SourceDescription(
        "rows", columns, "Point", "EPSG:4490", True, "UTF-8", "", found.num_rows
    )
    return Boxed(described, iter(found.to_batches(batch_rows)), lambda: None)


@pytest.fixture
def in_memory(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Lets an import of a path read rows, or whatever batches, in place of a file."""
    contents: dict[Path, Callable[[], Boxed]] = {}

    @contextmanager
    def opened(path: Path, *, table: str | None = None) -> Iterator[Boxed]:
        yield contents[path]()

    monkeypatch.setattr(opening, "opened_in_box", opened)

    def provide(path: Path, content: Callable[[], Boxed]) -> Path:
        path.write_text(path.name)
        contents[path] = content
        return path

    return provide


def interpretation_of(found: pa.Table, key: tuple[str, ...] = ("code",), **more: Any) -> Any:
    columns = {n: ColumnChoice(c) for n, c in COLUMNS.items() if c in found.column_names}
    return Interpretation(columns=columns, key=key, place=PlaceReading(datum="EPSG:4490"), **more)


@pytest.fixture
def deliver(chief: User, tmp_path: Path, in_memory: Callable[..., Path]) -> Callable[..., Report]:
    """Loads rows by their code; without `places` each at its number's."""

    def load(
        told: list[dict[str, Any]],
        *,
        places: list[Point | None] | None = None,
        key: tuple[str, ...] = ("code",),
        **options: Any,
    ) -> Report:
        if places is None:
            places = [at(int(str(row.get("编号") or "T-0").split("-")[1])) for row in told]
        found, size = table(told, places), options.pop("batch_rows", 20_000)
        path = in_memory(tmp_path / "rows.json", lambda: boxed(found, size))
        interpretation = interpretation_of(found, key, **options.pop("interpreted", {}))
        options.setdefault("actor", chief)
        return import_file(layer=TOILETS, path=path, interpretation=interpretation, **options)

    return load
