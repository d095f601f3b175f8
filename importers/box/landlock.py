"""What a process may still open: a Landlock ruleset (Linux 5.13; linux/landlock.h).

Once closed, this wall holds for the rest of the process's life and for everything it starts.
Descriptors that are open already stay usable: that is how the child hands on what it read.
"""

import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""The same numbers on every architecture."""
_ASK_FOR_VERSION = 1
_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
TRUNCATE, DEVICE_CONTROL = 1 << 14, 1 << 15
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | DEVICE_CONTROL
"""The rights that a rule about a single file may name; the others are about folders."""
_FILE_RIGHTS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP_FROM_ABI, _BIND_AND_CONNECT = 4, 0b11
_SCOPES_FROM_ABI, _ABSTRACT_SOCKETS_AND_SIGNALS = 6, 0b11

READING = READ_FILE | READ_DIR
_FIFO, _SOCKET, _BLOCK, _CHARACTER, _LINK = 1 << 10, 1 << 9, 1 << 11, 1 << 6, 1 << 12
NO_PLACE_FOR = EXECUTE | DEVICE_CONTROL | _FIFO | _SOCKET | _BLOCK | _CHARACTER | _LINK
"""What not even the scratch folder may hold: programs, devices, sockets and links."""


class _Ruleset(ctypes.Structure):
    _fields_ = [
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    ]


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("beneath", ctypes.c_int32)]


def version() -> int:
    """The ABI the running kernel has. Raises OSError where there is no Landlock."""
    return _called(_CREATE_RULESET, None, 0, _ASK_FOR_VERSION)


def close_files(readable: Iterable[Path], writable: Iterable[Path]) -> None:
    """From here on only `readable` can be read, and only `writable` written as well.

    A folder stands for everything beneath it, wherever links in it lead: those stay closed. Paths
    that do not exist are left out. Raises OSError where the wall cannot be closed.
    """
    abi = version()
    handled = _FILE_RIGHTS_BY_ABI[max(each for each in _FILE_RIGHTS_BY_ABI if each <= abi)]
    ruleset = _ruleset(abi, handled)
    try:
        for path in readable:
            _allow(ruleset, path, READING)
        for path in writable:
            _allow(ruleset, path, handled & ~NO_PLACE_FOR)
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
            raise _failure("prctl")
        _called(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _ruleset(abi: int, handled: int) -> int:
    wanted = _Ruleset(
        handled,
        _BIND_AND_CONNECT if abi >= _TCP_FROM_ABI else 0,
        _ABSTRACT_SOCKETS_AND_SIGNALS if abi >= _SCOPES_FROM_ABI else 0,
    )
    # A kernel takes a longer structure than it knows as long as the rest of it is zero.
    return _called(_CREATE_RULESET, ctypes.byref(wanted), ctypes.sizeof(wanted), 0)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _OF_FILES
        rule = _PathRule(rights, descriptor)
        _called(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)


def _called(number: int, *arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    result = int(libc.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        raise _failure("landlock")
    return result


def _failure(what: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f"{what}: {os.strerror(number)}")
