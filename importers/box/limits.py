"""The walls of the box: memory, processor time, file size, and no network and no programs.

Called in the child before any library that parses is loaded.
"""

import ctypes
import os
import platform
import resource

MEMORY_BYTES = 2 << 30
"""Of RLIMIT_DATA: private writable memory. Arrow and GDAL reserve far more address space than they
use, so RLIMIT_AS would have to be too large to protect anything."""
CPU_SECONDS = 900
FILE_BYTES = 4 << 30
OPEN_FILES = 64

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_LOAD_WORD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERRNO_EPERM = 0x7FFF0000, 0x00050001
_AT_NUMBER, _AT_ARCHITECTURE = 0, 4

_ARCHITECTURES = {
    # AUDIT_ARCH_*, then socket, socketpair, execve, execveat, ptrace, kill
    "x86_64": (0xC000003E, (41, 53, 59, 322, 101, 62)),
    "aarch64": (0xC00000B7, (198, 199, 221, 281, 117, 129)),
}


class _Instruction(ctypes.Structure):
    _fields_ = [
        ("code", ctypes.c_ushort),
        ("jump_true", ctypes.c_ubyte),
        ("jump_false", ctypes.c_ubyte),
        ("operand", ctypes.c_uint),
    ]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("first", ctypes.POINTER(_Instruction))]


def set_limits(memory_bytes: int = MEMORY_BYTES, cpu_seconds: int = CPU_SECONDS) -> None:
    for kind, most in (
        (resource.RLIMIT_DATA, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _program(architecture: int, refused: tuple[int, ...]) -> list[_Instruction]:
    """Another architecture's calls, or a refused number: EPERM. Everything else is allowed."""
    checks = [
        _Instruction(_JUMP_EQUAL, len(refused) - position, 0, number)
        for position, number in enumerate(refused)
    ]
    return [
        _Instruction(_LOAD_WORD, 0, 0, _AT_ARCHITECTURE),
        _Instruction(_JUMP_EQUAL, 1, 0, architecture),
        _Instruction(_RETURN, 0, 0, _ERRNO_EPERM),
        _Instruction(_LOAD_WORD, 0, 0, _AT_NUMBER),
        *checks,
        _Instruction(_RETURN, 0, 0, _ALLOW),
        _Instruction(_RETURN, 0, 0, _ERRNO_EPERM),
    ]


def refuse_network_and_programs() -> None:
    """A seccomp filter for the rest of this process's life. Raises OSError where it cannot be."""
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        raise OSError(f"no system call table for {machine}")
    instructions = _program(*_ARCHITECTURES[machine])
    array = (_Instruction * len(instructions))(*instructions)
    program = _Program(len(instructions), array)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0
    ):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
