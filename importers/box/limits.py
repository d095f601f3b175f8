"""How much a process in the box may use, and which of root's powers it keeps: none but reading."""

import ctypes
import os
import resource
from dataclasses import dataclass

OPEN_FILES = 128
_CAPABILITY_VERSION = 0x20080522
_READ_ANY_FILE = 1 << 2
"""CAP_DAC_READ_SEARCH: a delivered file may belong to another account. Landlock still decides."""


@dataclass(frozen=True, slots=True)
class BoxLimits:
    """`memory_bytes` is of RLIMIT_DATA, private writable memory: Arrow and GDAL reserve far more
    address space than they use, so RLIMIT_AS would have to be too large to protect anything.
    `wait_seconds` is what the caller waits for the child altogether, its own work not counted.
    `output_bytes` is what the child may hand on, `output_ratio` that as times the file's size;
    a small file may hand on SMALL_OUTPUT_BYTES all the same. What is streamed needs a quarter
    of the memory; a workbook of a million rows is read whole and needs most of it.
    """

    memory_bytes: int = 2 << 30
    cpu_seconds: int = 1800
    wait_seconds: float = 3600.0
    file_bytes: int = 4 << 30
    output_bytes: int = 64 << 30
    output_ratio: int = 200


SMALL_OUTPUT_BYTES = 256 << 20


def set_limits(memory_bytes: int, cpu_seconds: int, file_bytes: int) -> None:
    for kind, most in (
        (resource.RLIMIT_DATA, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


class _CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("process", ctypes.c_int)]


class _CapabilityWord(ctypes.Structure):
    _fields_ = [
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    ]


def drop_powers() -> None:
    """Of root's capabilities only reading stays: limits cannot be raised again, nothing mounted."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = _CapabilityHeader(_CAPABILITY_VERSION, 0)
    words = (_CapabilityWord * 2)()
    if libc.capget(ctypes.byref(header), words):
        raise _failure()
    for place, word in enumerate(words):
        kept = word.permitted & (_READ_ANY_FILE if place == 0 else 0)
        words[place] = _CapabilityWord(word.effective & kept, kept, 0)
    if libc.capset(ctypes.byref(header), words):
        raise _failure()


def _failure() -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f"capabilities: {os.strerror(number)}")
