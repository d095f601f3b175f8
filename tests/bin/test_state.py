"""The state folder, its locks and its secrets."""

import base64
import subprocess
import sys
from pathlib import Path

import pytest
from setup import keys, state
from setup.console import Failure, Step

from .conftest import PROJECT

HOLDER = """
import sys, time
sys.path.insert(0, {bin!r})
from pathlib import Path
from setup import state
with state.exclusive(state.State(Path({root!r})), print):
    print("held", flush=True)
    time.sleep(0.7)
"""


def test_state_dir_wins_then_root_then_the_user_s_own_folder(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    identity = state.identity(PROJECT)
    assert state.location(PROJECT, {"STATE_DIR": "/srv/x"}, root=True) == Path("/srv/x")
    assert state.location(PROJECT, {}, root=True) == Path("/var/lib/xiangcun") / identity
    own = state.location(PROJECT, {}, root=False)
    assert own == tmp_path / ".local" / "state" / "xiangcun" / identity
    moved = state.location(PROJECT, {"XDG_STATE_HOME": "/data"}, root=False)
    assert moved == Path("/data/xiangcun") / identity


def test_two_checkouts_have_two_states(tmp_path) -> None:
    assert state.identity(tmp_path / "one") != state.identity(tmp_path / "two")
    assert len(state.identity(tmp_path)) == 8


def test_others_may_pass_through_the_state_folder_but_not_list_it(tmp_path) -> None:
    place = state.opened(tmp_path / "state")
    assert place.root.stat().st_mode & 0o777 == 0o711
    assert place.log.is_dir()


def test_a_state_folder_that_cannot_be_ours_is_refused_with_a_remedy(tmp_path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Failure) as refused:
        state.opened(tmp_path / "file" / "state")
    assert "STATE_DIR=" in refused.value.remedy


def test_a_second_set_up_says_whom_it_waits_for(tmp_path) -> None:
    script = HOLDER.format(bin=str(PROJECT / "bin"), root=str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        told: list[str] = []
        with state.exclusive(state.State(tmp_path), told.append):
            assert holder.wait(5) == 0
    assert str(holder.pid) in told[0]


def test_only_the_last_command_out_finds_itself_alone(tmp_path) -> None:
    place = state.State(tmp_path)
    first, second = state.Users(place), state.Users(place)
    assert not first.last()
    first.leave()
    assert second.last()
    second.leave()


def test_a_stamp_that_was_never_set_reads_as_nothing(tmp_path) -> None:
    place = state.State(tmp_path)
    assert place.stamp("static") == ""
    place.set_stamp("static", "abc")
    assert place.stamp("static") == "abc"


def test_secrets_are_made_once_and_readable_by_their_owner_only(tmp_path) -> None:
    place = state.State(tmp_path)
    made = keys.ensure(place, Step("secrets"))
    assert place.secrets.stat().st_mode & 0o777 == 0o600
    assert len(base64.urlsafe_b64decode(made["FIELD_KEY"])) == 32
    assert len(made["SECRET_KEY"]) >= 50
    assert keys.ensure(place, Step("secrets")) == made


def test_lost_secrets_are_never_replaced_beside_an_existing_database(tmp_path) -> None:
    (tmp_path / "cluster").mkdir()
    with pytest.raises(Failure) as refused:
        keys.ensure(state.State(tmp_path), Step("secrets"))
    assert "FIELD_KEY" in refused.value.cause
    assert "backup" in refused.value.remedy
    assert not (tmp_path / "secrets.env").exists()


def test_an_incomplete_secrets_file_is_named_with_what_it_lacks(tmp_path) -> None:
    (tmp_path / "secrets.env").write_text("# kept\nSECRET_KEY=a\nDATABASE_PASSWORD=b\n")
    with pytest.raises(Failure) as refused:
        keys.ensure(state.State(tmp_path), Step("secrets"))
    assert "lacks FIELD_KEY," in refused.value.cause


def test_a_private_file_replaces_a_readable_one_without_taking_its_mode(tmp_path) -> None:
    path = tmp_path / "accounts.txt"
    path.write_text("old")
    path.chmod(0o644)
    keys.write_private(path, "new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600
