"""What code inside the box can no longer do, however it came to be run."""

import os
import platform
from pathlib import Path

import pytest
from django.conf import settings

from importers.box import landlock, walls
from importers.box.calls import _ARCHITECTURES, _EVERYWHERE
from importers.box.process import ROOT

REFUSALS = {
    "a network socket": "socket.socket(socket.AF_INET)",
    "a local socket": "socket.socket(socket.AF_UNIX)",
    "a pair of sockets": "socket.socketpair()",
    "another program": "os.execv('/bin/true', ['true'])",
    "another process": "os.fork()",
    "a signal to its parent": "os.kill(os.getppid(), 0)",
    "a signal to a thread elsewhere": "call({tgkill}, os.getppid(), os.getppid(), 0)",
    "a look into another process": "call({process_vm_readv}, os.getppid(), 0, 0, 0, 0, 0)",
    "an io_uring": "call({io_uring_setup}, 1, 0)",
    "a mount": "call({mount}, 0, b'/', 0, 0, 0)",
    "a name space": "call({unshare}, 0x10000000)",
    "a key ring": "call({keyctl}, 0, 0, 0)",
    "a program in the kernel": "call({bpf}, 0, 0, 0)",
    "tracing": "call({ptrace}, 0, 0, 0, 0)",
    "a call of the 32-bit mode": "call({socket} | 0x40000000, 2, 1, 0)",
    "more memory than allowed": (
        "__import__('resource').setrlimit(__import__('resource').RLIMIT_DATA, (-1, -1))"
    ),
}


def test_calls_that_parsing_has_no_use_for_are_refused(within_walls):
    numbers = {**_ARCHITECTURES[platform.machine()][1], **_EVERYWHERE}
    code = "".join(
        f"print({name!r}, refused(lambda: {act.format(**numbers)}))\n"
        for name, act in REFUSALS.items()
        if "32-bit" not in name or platform.machine() == "x86_64"
    ).replace("refused(lambda: __import__", "raises(lambda: __import__")
    printed = within_walls(
        "def raises(act):\n"
        "    try:\n        act()\n"
        "    except (OSError, ValueError):\n        return True\n"
        "    return False\n" + code
    )
    wrong = [line for line in printed.splitlines() if not line.endswith(" True")]
    assert not wrong


def test_only_what_was_delivered_and_the_code_can_be_read(within_walls, tmp_path):
    given, other = tmp_path / "given.txt", tmp_path / "other.txt"
    for path in (given, other):
        path.write_text("x")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "inside").write_text("x")
    (folder / "link").symlink_to(other)
    closed = [
        "/etc/passwd",
        "/etc/hostname",
        str(ROOT / "gisapp/settings.py"),
        str(ROOT / "manage.py"),
        os.environ.get("SECRETS_FILE", "/proc/1/environ"),
        "/proc/self/environ",
        str(settings.MEDIA_ROOT),
        str(other),
        str(folder / "link"),
    ]
    opened = [str(given), str(folder / "inside"), str(ROOT / "importers/phrases.py")]
    printed = within_walls(
        f"for path in {closed!r}: print(path, refused(lambda: os.open(path, os.O_RDONLY)))\n"
        f"for path in {opened!r}: print(path, not refused(lambda: os.open(path, os.O_RDONLY)))\n",
        [given, folder],
    )
    wrong = [line for line in printed.splitlines() if not line.endswith(" True")]
    assert not wrong


def test_only_the_scratch_folder_can_be_written(within_walls, tmp_path):
    given = tmp_path / "given.txt"
    given.write_text("kept")
    printed = within_walls(
        f"given = {str(given)!r}\n"
        "Path('mine').write_text('x')\n"
        "print(refused(lambda: Path(given).write_text('lost')))\n"
        "print(refused(lambda: os.truncate(given, 0)))\n"
        "print(refused(lambda: os.unlink(given)))\n"
        "print(refused(lambda: os.symlink('/etc', 'way-out')))\n"
        "print(refused(lambda: os.link(given, 'second-name')))\n"
        "print(refused(lambda: os.mkfifo('pipe')))\n",
        [given],
    )
    assert printed.split() == ["True"] * 6
    assert given.read_text() == "kept"


def test_threads_and_abort_still_work(within_walls):
    printed = within_walls(
        "thread = threading.Thread(target=lambda: print('ran'))\n"
        "thread.start(); thread.join()\n"
        "signal.signal(signal.SIGUSR1, lambda *_: print('heard'))\n"
        "signal.raise_signal(signal.SIGUSR1)\n"
    )
    assert printed.split() == ["ran", "heard"]


def test_without_landlock_nothing_is_closed_half(monkeypatch):
    def missing(number: int, *arguments: object) -> int:
        raise OSError(38, "landlock: Function not implemented")

    monkeypatch.setattr(landlock, "_called", missing)
    monkeypatch.setattr(walls, "set_limits", lambda *_: None)
    with pytest.raises(OSError, match="landlock"):
        walls.close_walls([Path()], [])


def test_older_kernels_are_asked_only_for_what_they_know(monkeypatch):
    asked = []

    def kernel(number: int, *arguments: object) -> int:
        if number == 444 and arguments[0] is None:
            return 1
        asked.append(arguments)
        raise OSError(7, "landlock: Argument list too long")

    monkeypatch.setattr(landlock, "_called", kernel)
    with pytest.raises(OSError, match="too long"):
        landlock.close_files([], [])
    ruleset = asked[0][0]._obj
    assert (ruleset.files, ruleset.network, ruleset.scopes) == ((1 << 13) - 1, 0, 0)
