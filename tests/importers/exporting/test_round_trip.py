"""What is exported imports again with nothing changed and nothing asked, in every format."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation
from django.utils.translation import gettext

from importers.exporting.columns import _provenance
from importers.matching.headers import read_header
from importers.places.stated_datums import OUR_NAMES
from importers.writers.catalogue import FORMATS
from layers.models.feature import Feature
from tests.conftest import HUAYUAN, IN_HUAYUAN
from tests.importers.exporting.conftest import FORMULA, PERSONAL

NO_ATTRIBUTES = {"dxf"}
"""A drawing has layers and colours, and no table: nothing tells which feature a shape is."""
NO_DATUM = {("gpkg", "gcj02")}
"""No description of a reference system knows an offset: it has to be stated."""
TRIPS = [
    *[("toilets", name, "EPSG:4490") for name in FORMATS if name not in NO_ATTRIBUTES],
    *[("roads", name, "EPSG:4490") for name in ("csv", "shapefile", "kml")],
    *[("assets", name, "EPSG:4490") for name in ("flatgeobuf", "gpx")],
    ("toilets", "gpkg", "gcj02"),
    ("toilets", "geojson", "EPSG:4526"),
    ("toilets", "csv", "EPSG:4545"),
    ("roads", "csv", "bd09"),
]
"""Points in every format; lines, and a record without a place, where the formats differ in them."""
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


@pytest.mark.parametrize(("layer", "name", "datum"), TRIPS)
def test_nothing_changes_on_the_way_out_and_in(
    without_box, scene, chief, exported, layer, name, datum
):
    scene(layer)
    # Of one county: an export of the province, as below, first reads the names of 31,692 divisions.
    path = exported(layer, name, actor=chief, datum=datum, provenance=True, division=HUAYUAN)
    stated = {"datum": datum} if (name, datum) in NO_DATUM else {}
    out = imported(layer, path, **stated)
    lost = 1 if (name, layer) == ("gpx", "assets") else 0
    assert f"New 0, changed 0, unchanged {2 - lost}, in conflict 0" in out, out
    assert "To decide" not in out
    assert "rejected 0, warnings 0" in out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_an_export_adds_is_taken_for_no_field(db, language):
    """Also where the fields are not in it that its headers are like."""
    with translation.override({"zh": "zh-hans", "en": "en"}[language]):
        added = [each.column for each in _provenance()]
        names = [*(each.header for each in added), *(each.name for each in added)]
        names.append(gettext("Datum of the place"))
    assert [name for name in names if not read_header(name).no_field] == []
    assert names[-1] in OUR_NAMES


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_export_of_few_fields_changes_no_others(without_box, scene, chief, exported, language):
    scene("toilets")
    path = exported(
        "toilets", "csv", actor=chief, fields=["name"], provenance=True, language=language
    )
    out = imported("toilets", path, map=["category=", "toilet_type="])
    assert "New 0, changed 0, unchanged 2" in out, out
    assert "To decide" not in out
