"""What is exported imports again with nothing changed, where the importer reads the format."""

from typing import Any

import pytest

from importers.loading import ImportOptions, import_file
from layers.access.personal import unseal
from layers.models.feature import Feature
from layers.registry import LAYERS
from tests.conftest import HUAYUAN
from tests.importers.exporting.conftest import FORMULA, PERSONAL

READ_AGAIN = {
    "gpkg": "EPSG:4490",
    "shapefile": "EPSG:4545",
    "shapefile-gbk": "EPSG:4490",
    "geojson": "EPSG:4545",
}
"""Formats, and the datum that each is tried in."""
PLANE_TOLERANCE = 1e-8
"""Degrees, a millimetre."""

FULL = {
    "toilets": {
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
    "roads": {"name": "通村路", "route_code": "C123433124", "start_stake_km": "0.125"},
}


def values(layer, row: Feature) -> dict[str, Any]:
    told = {each.name: getattr(row, each.name) for each in layer.columns()}
    return {**told, "personal": unseal(layer, row.personal), "code": None}


@pytest.mark.parametrize(("name", "datum"), READ_AGAIN.items(), ids=list(READ_AGAIN))
@pytest.mark.parametrize("layer", FULL)
def test_nothing_changes_on_the_way_out_and_in(make_feature, account, exported, layer, name, datum):
    keeper = account("steward", HUAYUAN)
    registered = LAYERS[layer]
    before = make_feature(layer, **FULL[layer])
    secrets = any(registered.personal_fields())
    path = exported(
        layer, name, actor=keeper, datum=datum, personal=secrets, reason="往返", provenance=True
    )
    # The code is the record's own and would be refused as there already: here a new one is made.
    report = import_file(
        actor=keeper, layer=registered, path=path, options=ImportOptions(columns={"code": ""})
    )
    assert (report.loaded, report.rejected, report.warnings) == (1, 0, 0)
    after = registered.rows.exclude(pk=before.pk).get()
    assert values(registered, after) == values(registered, before)
    assert after.geom.equals_exact(before.geom, PLANE_TOLERANCE)
    assert after.source_datum == datum
