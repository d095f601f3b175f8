"""The vendored browser libraries: lockfile, manifest and files must tell one story."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "gisapp" / "web" / "frontend"
STATIC = ROOT / "gisapp" / "web" / "static" / "vendor"
FOLDERS = (STATIC, ROOT / "tests" / "e2e" / "vendor")


def manifest(folder: Path) -> dict[str, dict[str, Any]]:
    return json.loads((folder / "manifest.json").read_text())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_vendored_file_is_in_the_manifest_with_its_hash(folder: Path) -> None:
    listed = {name: entry["sha256"] for name, entry in manifest(folder).items()}
    present = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "manifest.json"
    }
    assert present == listed


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_the_manifest_names_the_versions_of_the_lockfile(folder: Path) -> None:
    locked = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    for entry in manifest(folder).values():
        for package, version in entry["packages"].items():
            assert locked[f"node_modules/{package}"]["version"] == version


def test_package_json_pins_what_the_lockfile_holds_and_names_no_download_address() -> None:
    lock_text = (FRONTEND / "package-lock.json").read_text()
    locked = json.loads(lock_text)["packages"]
    package = json.loads((FRONTEND / "package.json").read_text())
    wanted = {**package["dependencies"], **package["devDependencies"]}
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert '"resolved"' not in lock_text


def test_every_bundle_keeps_its_licences() -> None:
    outputs = manifest(STATIC)
    for name, entry in outputs.items():
        if name.endswith((".js", ".css", ".svg")):
            stem = re.sub(r"\.css$", "-css", name).removesuffix(".js").removesuffix(".svg")
            text = (STATIC / f"{stem}.LICENSES.txt").read_text()
            assert all(package in text for package in entry["packages"]), name


def test_the_map_library_stays_under_half_a_megabyte() -> None:
    assert (STATIC / "ol.js").stat().st_size < 500_000


def test_only_the_map_folder_imports_the_map_library() -> None:
    scripts = ROOT / "gisapp" / "web" / "static" / "js"
    importers = {
        path.relative_to(scripts).parts[0]
        for path in scripts.rglob("*.js")
        if "vendor/ol.js" in path.read_text()
    }
    assert importers == {"map"}


needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not (FRONTEND / "node_modules").exists(),
    reason="Node and the packages are only on a developer's machine",
)


@needs_node
def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run(["node", "bundle.mjs", str(tmp_path)], cwd=FRONTEND, check=True)
    for folder in FOLDERS:
        built = tmp_path / folder.relative_to(ROOT)
        names = sorted(path.name for path in built.iterdir())
        assert names == sorted(path.name for path in folder.iterdir())
        for name in names:
            assert (built / name).read_bytes() == (folder / name).read_bytes(), name


@needs_node
def test_the_scripts_pass_the_strict_type_check() -> None:
    checked = subprocess.run(
        ["node", "node_modules/typescript/bin/tsc", "-p", "."],
        cwd=FRONTEND,
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout
