"""Which system calls a process may still make: a seccomp filter (linux/seccomp.h, filter.h).

Landlock closes files; this closes what files do not cover: sockets of every kind, other programs
and processes, and the parts of the kernel that parsing has no use for and attackers have.
"""

import ctypes
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_LOAD_WORD, _RETURN = 0x20, 0x06
_JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT = 0x15, 0x35, 0x45
_ALLOW, _EPERM, _ENOSYS = 0x7FFF0000, 0x00050001, 0x00050026
_AT_NUMBER, _AT_ARCHITECTURE, _AT_FIRST_ARGUMENT = 0, 4, 16
_X32_NUMBERS = 0x40000000
"""x86-64 takes the same calls a second time from here on, for a 32-bit mode that nothing uses."""
_CLONE_THREAD = 0x00010000

_EVERYWHERE = {
    "clone3": 435,
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "pidfd_open": 434,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "mount_setattr": 442,
}
# fmt: off
_X86_64 = {
    "socket": 41, "socketpair": 53, "clone": 56, "fork": 57, "vfork": 58, "execve": 59,
    "kill": 62, "ptrace": 101, "rt_sigqueueinfo": 129, "pivot_root": 155, "chroot": 161,
    "mount": 165, "umount2": 166, "tkill": 200, "tgkill": 234, "kexec_load": 246, "add_key": 248,
    "request_key": 249, "keyctl": 250, "unshare": 272, "rt_tgsigqueueinfo": 297,
    "perf_event_open": 298, "open_by_handle_at": 304, "setns": 308, "process_vm_readv": 310,
    "process_vm_writev": 311, "kcmp": 312, "finit_module": 313, "bpf": 321, "execveat": 322,
    "userfaultfd": 323,
}
_AARCH64 = {
    "umount2": 39, "mount": 40, "pivot_root": 41, "chroot": 51, "unshare": 97, "kexec_load": 104,
    "ptrace": 117, "kill": 129, "tkill": 130, "tgkill": 131, "rt_sigqueueinfo": 138,
    "socket": 198, "socketpair": 199, "add_key": 217, "request_key": 218, "keyctl": 219,
    "clone": 220, "execve": 221, "rt_tgsigqueueinfo": 240, "perf_event_open": 241,
    "open_by_handle_at": 265, "setns": 268, "process_vm_readv": 270, "process_vm_writev": 271,
    "kcmp": 272, "finit_module": 273, "bpf": 280, "execveat": 281, "userfaultfd": 282,
}
# fmt: on
_ARCHITECTURES = {"x86_64": (0xC000003E, _X86_64), "aarch64": (0xC00000B7, _AARCH64)}
"""The kernel's AUDIT_ARCH_*, and the numbers of the calls that are refused or looked at."""
_LOOKED_AT = ("clone", "clone3", "tgkill")


class _Instruction(ctypes.Structure):
    _fields_ = [
        ("code", ctypes.c_ushort),
        ("jump_true", ctypes.c_ubyte),
        ("jump_false", ctypes.c_ubyte),
        ("operand", ctypes.c_uint),
    ]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("first", ctypes.POINTER(_Instruction))]


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction of the filter; the jumps skip so many of those that follow."""

    code: int
    operand: int
    jump_true: int = 0
    jump_false: int = 0


def program(architecture: int, numbers: Mapping[str, int], process: int) -> list[Step]:
    """Another architecture's calls and those listed: EPERM. Everything else is allowed.

    Threads may be started and processes not: `clone` needs CLONE_THREAD; `clone3`, whose flags a
    filter cannot see, does not exist, which makes the C library use `clone`. `abort` raises its
    signal with `tgkill`, which may reach this `process` alone.
    """
    steps = [
        Step(_LOAD_WORD, _AT_ARCHITECTURE),
        Step(_JUMP_EQUAL, architecture, jump_true=1),
        Step(_RETURN, _EPERM),
        Step(_LOAD_WORD, _AT_NUMBER),
        Step(_JUMP_AT_LEAST, _X32_NUMBERS, jump_false=1),
        Step(_RETURN, _EPERM),
    ]
    for name, number in numbers.items():
        if name not in _LOOKED_AT:
            steps += [Step(_JUMP_EQUAL, number, jump_false=1), Step(_RETURN, _EPERM)]
    steps += [Step(_JUMP_EQUAL, numbers["clone3"], jump_false=1), Step(_RETURN, _ENOSYS)]
    steps += _only_if(numbers["clone"], Step(_JUMP_ANY_BIT, _CLONE_THREAD, jump_false=1))
    steps += _only_if(numbers["tgkill"], Step(_JUMP_EQUAL, process, jump_false=1))
    return [*steps, Step(_RETURN, _ALLOW)]


def _only_if(number: int, condition: Step) -> list[Step]:
    """The call is allowed where its first argument meets the condition."""
    return [
        Step(_JUMP_EQUAL, number, jump_false=4),
        Step(_LOAD_WORD, _AT_FIRST_ARGUMENT),
        condition,
        Step(_RETURN, _ALLOW),
        Step(_RETURN, _EPERM),
    ]


def refuse_calls() -> None:
    """The filter, for the rest of this process's life. Raises OSError where it cannot be."""
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        raise OSError(f"no system call table for {machine}")
    architecture, numbers = _ARCHITECTURES[machine]
    steps = program(architecture, {**numbers, **_EVERYWHERE}, os.getpid())
    array = (_Instruction * len(steps))(
        *(_Instruction(s.code, s.jump_true, s.jump_false, s.operand) for s in steps)
    )
    filtered = _Program(len(steps), array)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filtered), 0, 0
    ):
        number = ctypes.get_errno()
        raise OSError(number, f"seccomp: {os.strerror(number)}")
