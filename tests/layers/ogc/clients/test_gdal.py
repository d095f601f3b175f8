"""GDAL's OAPIF driver, as ogrinfo and ogr2ogr come with Debian."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.layers.ogc.clients.scene import PASSWORD, ROADS


def run(program: str, *arguments: str, user: str = "") -> str:
    login = {"GDAL_HTTP_USERPWD": f"{user}:{PASSWORD}", "GDAL_HTTP_AUTH": "BASIC"} if user else {}
    done = subprocess.run(
        [program, *arguments],
        env={**os.environ, **login},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout


def test_ogrinfo_lists_what_each_account_sees(ogc) -> None:
    anonymous = run("ogrinfo", "-ro", f"OAPIF:{ogc}")
    assert "divisions" in anonymous
    assert "zones" in anonymous
    assert "roads" not in anonymous
    planner = run("ogrinfo", "-ro", f"OAPIF:{ogc}", user="planner")
    for layer in ("roads", "toilets", "assets", "water-works", "resettlement-sites"):
        assert layer in planner


def test_ogrinfo_reads_fields_and_counts(ogc) -> None:
    text = run("ogrinfo", "-ro", "-so", f"OAPIF:{ogc}", "roads", user="planner")
    assert f"Feature Count: {ROADS}" in text
    assert "Geometry: Multi Line String" in text or "Geometry: Line String" in text
    for field in ("name: String", "length_m: Real", "version: Integer"):
        assert field in text
    assert "householder" not in run("ogrinfo", "-so", f"OAPIF:{ogc}", "toilets", user="planner")


def test_ogr2ogr_takes_all_pages_along(ogc, tmp_path: Path) -> None:
    target = tmp_path / "roads.geojson"
    run("ogr2ogr", "-f", "GeoJSON", str(target), f"OAPIF:{ogc}", "roads", "-oo", "PAGE_SIZE=3",
        user="planner")  # fmt: skip
    features = json.loads(target.read_text())["features"]
    assert sorted(each["properties"]["name"] for each in features) == [
        f"村道 {number}" for number in range(ROADS)
    ]


def test_ogr2ogr_selects_by_box_and_by_value(ogc, scene, tmp_path: Path) -> None:
    target = tmp_path / "works.geojson"
    run("ogr2ogr", "-f", "GeoJSON", str(target), f"OAPIF:{ogc}", "water-works",
        "-spat", "109.4", "28.5", "109.5", "28.6", user="planner")  # fmt: skip
    (only,) = json.loads(target.read_text())["features"]
    assert only["properties"]["name"] == "双龙供水站"
    assert only["geometry"]["coordinates"] == pytest.approx([109.482, 28.57], abs=1e-6)
    target = tmp_path / "long.geojson"
    run("ogr2ogr", "-f", "GeoJSON", str(target), f"OAPIF:{ogc}", "roads",
        "-where", "length_m >= 1004", user="planner")  # fmt: skip
    assert len(json.loads(target.read_text())["features"]) == ROADS - 4


def test_a_viewer_gets_the_viewers_part(ogc, tmp_path: Path) -> None:
    target = tmp_path / "works.geojson"
    run("ogr2ogr", "-f", "GeoJSON", str(target), f"OAPIF:{ogc}", "water-works", user="viewer")
    names = [each["properties"]["name"] for each in json.loads(target.read_text())["features"]]
    assert names == ["双龙供水站"]
