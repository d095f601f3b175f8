"""What this machine is: its Debian release, its memory, who we are on it."""

import os
from dataclasses import dataclass
from pathlib import Path

OS_RELEASE = Path("/etc/os-release")
MEMORY = Path("/proc/meminfo")
MEMORY_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


@dataclass(frozen=True)
class Release:
    """A Linux distribution's release: `debian`, `12`."""

    name: str
    version: str


def read_release(text: str) -> Release:
    """Parse os-release(5); a derivative counts as what it says it is."""
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line)
    fields = {name.strip(): value.strip().strip("\"'") for name, value in pairs}
    return Release(fields.get("ID", ""), fields.get("VERSION_ID", ""))


def release() -> Release:
    """This machine's release; empty names where it does not say."""
    return read_release(OS_RELEASE.read_text() if OS_RELEASE.exists() else "")


def memory_bytes(meminfo: str, limits: list[str]) -> int:
    """Usable memory in bytes: the machine's, or less where a container's limit says so."""
    total = next(line for line in meminfo.splitlines() if line.startswith("MemTotal:"))
    sizes = [int(total.split()[1]) * 1024]
    sizes += [int(limit) for limit in limits if limit.strip().isdigit()]
    return min(sizes)


def memory() -> int:
    """This machine's usable memory in bytes."""
    limits = [path.read_text() for path in MEMORY_LIMITS if path.exists()]
    return memory_bytes(MEMORY.read_text(), limits)


def is_root() -> bool:
    return os.geteuid() == 0


def processes_in(folder: Path) -> list[int]:
    """Ids of the processes whose working folder is `folder`: for a cluster, its servers."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                working = (entry / "cwd").readlink()
            except OSError:  # ended meanwhile, or another user's: neither can be ours
                continue
            if working == folder:
                found.append(int(entry.name))
    return found
