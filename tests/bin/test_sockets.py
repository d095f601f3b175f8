"""Socket paths that fit, and ports that are taken."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from setup import sockets
from setup.console import Failure

from .conftest import PROJECT


def socket_bytes(folder: Path) -> int:
    return len(os.fsencode(folder / sockets.SOCKET_NAME))


def test_a_short_state_folder_holds_its_own_socket() -> None:
    assert sockets.socket_folder(Path("/srv/x"), root=True) == Path("/srv/x/run")


@pytest.mark.parametrize("root", [True, False])
@pytest.mark.parametrize("length", [80, 85, 86, 87, 88, 120, 250])
def test_the_socket_s_path_always_fits_the_system_s_limit(length: int, root: bool) -> None:
    state = Path("/" + "s" * (length - 1))
    folder = sockets.socket_folder(state, root=root)
    assert socket_bytes(folder) < sockets.LONGEST
    with socket.socket(socket.AF_UNIX) as trial, pytest.raises(FileNotFoundError):
        trial.connect(str(folder / sockets.SOCKET_NAME))  # too long would be "AF_UNIX path"


def test_chinese_folder_names_count_in_bytes() -> None:
    state = Path("/" + "乡" * 30)
    assert sockets.socket_folder(state, root=True).parent == Path("/run")


def test_two_long_states_have_two_socket_folders() -> None:
    one, two = Path("/" + "a" * 150), Path("/" + "b" * 150)
    assert sockets.socket_folder(one, root=False) != sockets.socket_folder(two, root=False)


def test_somebody_else_s_link_in_tmp_is_not_followed(tmp_path) -> None:
    state = tmp_path / ("s" * 120)
    place = sockets.short_folder(state, root=False)
    place.symlink_to(tmp_path)
    try:
        with pytest.raises(Failure) as refused:
            sockets.socket_folder(state, root=False)
        assert "STATE_DIR" in refused.value.remedy
    finally:
        place.unlink()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_free_port_passes_and_stays_free() -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    sockets.check_port("127.0.0.1", port, "bin/serve")
    sockets.check_port("127.0.0.1", port, "bin/serve")


def test_serve_names_the_holder_of_its_port_before_doing_any_work(taken_port, tmp_path) -> None:
    environ = {**os.environ, "PORT": str(taken_port), "STATE_DIR": str(tmp_path / "state")}
    done = subprocess.run(
        [PROJECT / "bin" / "serve"], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert f"port {taken_port}" in done.stderr
    assert f"(process {os.getpid()})" in done.stderr
    assert f"PORT={taken_port + 1} bin/serve" in done.stderr
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_a_port_that_is_no_port_is_refused_in_words(port: str) -> None:
    done = subprocess.run(
        [PROJECT / "bin" / "serve"],
        env={**os.environ, "PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"PORT must be a whole number from 1 to 65535, not '{port}'" in done.stderr
