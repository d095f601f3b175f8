"""A small layer to export: an inside and an outside, long texts, formulas, nulls, personal data."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from importers.exporting import ExportReport, Wish, export_layer
from importers.writers.catalogue import FORMATS
from layers.models import User
from layers.models.feature import Feature
from layers.registry import layer_named
from tests.conftest import HUAYUAN, IN_FENGHUANG, IN_HUAYUAN

LONG = "很长的名称" * 40
FORMULA = '=HYPERLINK("http://example.org","甲")'
PERSONAL = {"householder": "龙某某", "id_number": "433124196001010012", "phone": "07431234567"}
OUTSIDE = "凤凰外面的记录"


@pytest.fixture
def toilets(make_feature: Callable[..., Feature]) -> list[Feature]:
    """Three inside 花垣县, two in 凤凰县."""
    inside = [
        make_feature(
            "toilets",
            IN_HUAYUAN,
            name="一号厕所",
            completed_on="2020-05-01",
            room_area_m2="3.50",
            publicly_funded=True,
            squat_places=2,
            village_group="三组",
            **PERSONAL,
        ),
        make_feature("toilets", (109.4821234567, 28.5701234567), name=LONG, keeper=FORMULA),
        make_feature("toilets", IN_HUAYUAN, name="<script>&甲", publicly_funded=False),
    ]
    outside = [make_feature("toilets", IN_FENGHUANG, name=OUTSIDE, **PERSONAL) for _n in range(2)]
    return [*inside, *outside]


@pytest.fixture
def reader(account: Callable[..., User]) -> User:
    return account("viewer", HUAYUAN)


@pytest.fixture
def exported(tmp_path: Path, reader: User) -> Callable[..., Path]:
    """Exports and returns the file: `exported("toilets", "csv", datum="EPSG:4546")`."""

    def make(layer: str, name: str, *, actor: User | None = None, **more: Any) -> Path:
        path, _report = make_reported(layer, name, actor=actor, **more)
        return path

    def make_reported(
        layer: str, name: str, *, actor: User | None = None, **more: Any
    ) -> tuple[Path, ExportReport]:
        chosen = FORMATS[name]
        target = tmp_path / f"out{len(list(tmp_path.iterdir()))}{chosen.extension}"
        wish = Wish(layer=layer_named(layer), format=chosen, **more)
        return target, export_layer(actor=actor or reader, wish=wish, target=target)

    make.reported = make_reported  # type: ignore[attr-defined]
    return make
