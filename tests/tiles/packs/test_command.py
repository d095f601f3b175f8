"""manage.py pack."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import HUAYUAN
from tests.tiles.packs.conftest import Opened
from tests.tiles.packs.test_shapes import BOW, SQUARE, polygon
from tiles.models import Pack

pytestmark = pytest.mark.django_db
QUICK = {"max_zoom": 8, "layers": "roads,divisions"}


def run(*args, **options) -> str:
    out = StringIO()
    call_command("pack", *args, stdout=out, **{**QUICK, **options})
    return out.getvalue()


def test_an_estimate_makes_nothing(features, reader, tmp_path) -> None:
    said = run("花垣县", user=reader.username, estimate=True)
    assert len([line for line in said.splitlines() if " 8" in line]) >= 1
    assert not Pack.objects.exists()
    assert list(tmp_path.iterdir()) == []


def test_files_are_written_beside_each_other_and_never_over_one(features, reader, tmp_path) -> None:
    target = tmp_path / "a.pmtiles"
    assert str(target) in run(HUAYUAN, user=reader.username, output=target)
    manifest = json.loads((tmp_path / "a.json").read_text())
    opened = Opened(target)
    assert opened.metadata["xiangcun"]["area"] == manifest["area"]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.json", "a.pmtiles"]
    before = target.read_bytes()
    with pytest.raises(CommandError) as refusal:
        run(HUAYUAN, user=reader.username, output=target)
    assert refusal.value.returncode == 2
    assert target.read_bytes() == before


def test_without_a_target_it_is_kept_for_download(features, reader) -> None:
    said = run(HUAYUAN, user=reader.username)
    assert len(said.splitlines()) == 9 + 1 + 1
    pack = Pack.objects.get()
    assert pack.state == "done"
    assert str(pack.folder) in said


def test_a_drawn_area_comes_from_a_file(features, reader, tmp_path) -> None:
    area = tmp_path / "工地.geojson"
    area.write_text(json.dumps(polygon(SQUARE)))
    run(str(area), user=reader.username, output=tmp_path / "b.pmtiles")
    told = json.loads((tmp_path / "b.json").read_text())["area"]
    assert (told["kind"], told["name"]) == ("drawn", "工地")
    assert told["bounds"] == [109.4, 28.5, 109.5, 28.6]


WRONG = {
    "unknown user": {"user": "nobody-here"},
    "unknown layer": {"layers": "castles"},
    "no size": {"budget": "much"},
    "endless": {"budget": "1e999"},
    "not a size": {"budget": "nan"},
    "nothing": {"budget": "0"},
    "too deep": {"max_zoom": 30},
    "no folder": {"output": "no-such-folder/a.pmtiles"},
}


@pytest.mark.parametrize("options", WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_refused_and_writes_nothing(
    reader, tmp_path, monkeypatch, options
) -> None:
    from pathlib import Path

    monkeypatch.chdir(tmp_path)
    given = {"user": reader.username, **options}
    if "output" in given:
        given["output"] = Path(given["output"])
    with pytest.raises(CommandError) as refusal:
        run(HUAYUAN, **given)
    assert refusal.value.returncode == 2
    assert list(tmp_path.iterdir()) == []
    assert not Pack.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", json.dumps(polygon(BOW)).encode()])
def test_a_file_that_is_no_area_is_refused(reader, tmp_path, content) -> None:
    area = tmp_path / "a.geojson"
    area.write_bytes(content)
    for path in (area, tmp_path / "missing.geojson"):
        with pytest.raises(CommandError) as refusal:
            run(str(path), user=reader.username)
        assert refusal.value.returncode == 2
