"""What is exported imports again with nothing changed and nothing asked, in every format."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from importers.writers.catalogue import FORMATS
from layers.models.feature import Feature
from tests.conftest import HUAYUAN, IN_HUAYUAN
from tests.importers.exporting.conftest import FORMULA, PERSONAL

NO_ATTRIBUTES = {"dxf"}
"""A drawing has layers and colours, and no table: nothing tells which feature a shape is."""
NO_DATUM = {("gpkg", "gcj02"), ("shapefile", "bd09"), ("geoparquet", "gcj02")}
"""No description of a reference system knows an offset: it has to be stated."""
IN_OTHERS = [
    ("gpkg", "EPSG:4525"),
    ("gpkg", "gcj02"),
    ("shapefile", "EPSG:4545"),
    ("shapefile", "bd09"),
    ("geoparquet", "gcj02"),
    ("geojson", "EPSG:4526"),
    ("csv", "EPSG:4545"),
    ("csv", "bd09"),
    ("xlsx", "EPSG:4498"),
    ("xlsx", "gcj02"),
]
PLAIN = [(name, "EPSG:4490") for name in FORMATS if name not in NO_ATTRIBUTES]
FULL: dict[str, list[dict[str, Any]]] = {
    "toilets": [
        {
            "code": "00700",
            "name": "一号厕所",
            "completed_on": "2020-05-01",
            "room_area_m2": "3.50",
            "tank_volume_m3": "1.25",
            "publicly_funded": False,
            "squat_places": 2,
            "village_group": "三组",
            "keeper": FORMULA,
            **PERSONAL,
        },
        {"code": "1e5", "name": "<甲> & “乙”", "publicly_funded": True, "division": HUAYUAN},
    ],
    "roads": [
        {"name": "通村路", "route_code": "C123433124", "start_stake_km": "0.125"},
        {"code": "0012", "name": "007", "length_m": None},
    ],
    "assets": [{"name": "文化广场", "original_value_yuan": "12345.67"}, {"code": "-1", "at": None}],
}


@pytest.fixture
def scene(make_feature: Callable[..., Feature], edit: Callable[..., Any]) -> Callable[..., None]:
    def make(layer: str) -> None:
        for number, values in enumerate(FULL[layer]):
            given = dict(values)
            if "at" in given:
                del given["at"]
                edit(
                    layer, "create", name="股权", asset_class="operating", state="in_use",
                    division=HUAYUAN, **given,
                )  # fmt: skip
            else:
                make_feature(layer, (IN_HUAYUAN[0] + number / 1000, IN_HUAYUAN[1]), **given)

    return make


def imported(layer: str, path: Path, **options: Any) -> str:
    out = StringIO()
    call_command(
        "import_layer", layer, path, user="chief", key="code", language="en",
        stdout=out, stderr=StringIO(), **options,
    )  # fmt: skip
    return out.getvalue()


def layers_of(name: str, datum: str) -> list[str]:
    """Every layer for a plain export; one of points and one of lines for the other datums."""
    points = ["toilets", "assets"] if datum == "EPSG:4490" else ["toilets"]
    return points + ["roads"] * ("line" in FORMATS[name].geometries)


@pytest.mark.parametrize(
    ("layer", "name", "datum"),
    [(layer, *each) for each in (*PLAIN, *IN_OTHERS) for layer in layers_of(*each)],
)
def test_nothing_changes_on_the_way_out_and_in(
    without_box, scene, chief, exported, layer, name, datum
):
    scene(layer)
    path = exported(layer, name, actor=chief, datum=datum, provenance=True)
    stated = {"datum": datum} if (name, datum) in NO_DATUM else {}
    out = imported(layer, path, **stated)
    lost = 1 if (name, layer) == ("gpx", "assets") else 0
    assert f"New 0, changed 0, unchanged {2 - lost}, in conflict 0" in out, out
    assert "To decide" not in out
    assert "rejected 0, warnings 0" in out
