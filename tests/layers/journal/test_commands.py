"""verify_journal and export_journal as they are called, and the script on its own."""

import gzip
import json
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from layers.journal.export import FORMAT
from layers.journal.head import GENESIS, current_head
from layers.models import ChainLink
from tests.layers.journal.conftest import ROOT, exported, superuser, verify_export

pytestmark = pytest.mark.django_db


def verified(*argv: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("verify_journal", *argv, stdout=out, stderr=err)
    return out.getvalue().strip(), err.getvalue()


def test_a_sound_journal_ends_with_its_head(scene: Any) -> None:
    head = str(current_head())
    assert verified() == (head, "")
    assert verified("--full", "--layer", "toilets", "--anchor", head) == (head, "")


def test_what_is_wrong_is_listed_and_the_exit_code_is_1(scene: Any) -> None:
    with superuser() as cursor:
        cursor.execute("UPDATE layers_toilet SET keeper = '丁' WHERE id = %s", [scene["edited"].pk])
    err = StringIO()
    with pytest.raises(CommandError, match="1 findings") as raised:
        call_command("verify_journal", stdout=StringIO(), stderr=err)
    assert raised.value.returncode == 1
    assert f"toilets/{scene['edited'].pk}: differs from its entries in keeper" in err.getvalue()
    assert verified("--layer", "roads")[1] == ""


def test_an_anchor_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="POSITION:HASH"):
        verified("--anchor", "7")


def test_an_export_holds_every_link_with_its_text(scene: Any, tmp_path: Path) -> None:
    path = exported(tmp_path, "journal.jsonl.gz")
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        header, *links = [json.loads(line) for line in stream]
    assert header == {"format": FORMAT, "genesis": GENESIS.hex()}
    assert [link["position"] for link in links] == list(range(1, ChainLink.objects.count() + 1))
    assert all(json.loads(link["payload"])["id"] == link["entry"] for link in links)
    assert verify_export(path).stdout.strip() == str(current_head())


def test_an_export_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    call_command("export_journal", path, stdout=StringIO())
    assert verify_export(path).stdout.strip() == f"0:{GENESIS.hex()}"
    with pytest.raises(CommandError, match="exists already"):
        call_command("export_journal", path)
    with pytest.raises(CommandError, match="does not"):
        call_command("export_journal", tmp_path / "nowhere" / "journal.jsonl")


def test_the_script_works_copied_alone(scene: Any, tmp_path: Path) -> None:
    path = exported(tmp_path)
    script = Path(shutil.copy(ROOT / "bin" / "verify-journal-export", tmp_path / "alone"))
    done = subprocess.run([sys.executable, "-I", "-S", script, path], capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_newer_export_begins_with_an_older(scene: Any, edit: Any, tmp_path: Path) -> None:
    older = exported(tmp_path, "older.jsonl")
    edit("toilets", "update", scene["edited"], keeper="戊")
    connection.check_constraints()
    newer = exported(tmp_path, "newer.jsonl.gz")
    assert verify_export(newer, older).returncode == 0
    assert verify_export(older, newer).returncode == 1


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": "x"}', "no json", "\x00"])
def test_a_file_that_is_no_export_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(content)
    done = verify_export(path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert verify_export(tmp_path / "none.jsonl").returncode == 2


def test_a_line_without_what_it_needs_is_refused(scene: Any, tmp_path: Path) -> None:
    path = exported(tmp_path)
    header, first, *_more = path.read_text(encoding="utf-8").splitlines()
    for broken in (
        {"position": 1},
        json.loads(first) | {"payload": 7},
        json.loads(first) | {"hash": "zz"},
    ):
        path.write_text(header + "\n" + json.dumps(broken), encoding="utf-8")
        done = verify_export(path)
        assert done.returncode == 2, done.stderr
        assert "line 2" in done.stderr
