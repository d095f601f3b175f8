"""QGIS itself reads the interface; where Debian's qgis is installed (it brings qgis_process)."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.layers.ogc.clients.scene import PASSWORD, ROADS

pytestmark = [
    pytest.mark.qgis,
    pytest.mark.skipif(
        shutil.which("qgis_process") is None, reason="QGIS is not installed (apt-get install qgis)"
    ),
]


@pytest.mark.parametrize(("user", "expected"), [("planner", ROADS), ("viewer", ROADS)])
def test_qgis_saves_a_layer_of_the_interface(
    ogc: str, tmp_path: Path, user: str, expected: int
) -> None:
    source = f"OAPIF:// url='{ogc}' typename='roads' username='{user}' password='{PASSWORD}'"
    target = tmp_path / "roads.geojson"
    done = subprocess.run(
        ["qgis_process", "run", "native:savefeatures", "--", f"INPUT={source}", f"OUTPUT={target}"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(json.loads(target.read_text())["features"]) == expected
