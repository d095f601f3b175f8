"""The private cluster's settings, from the machine's memory."""

MEBIBYTE = 1024 * 1024

ALLOCATION = {
    "MALLOC_MMAP_THRESHOLD_": str(32 * MEBIBYTE),
    "MALLOC_TRIM_THRESHOLD_": str(64 * MEBIBYTE),
}
"""What the server's allocator (glibc) keeps of memory that was given back, instead of asking the
kernel for it again: drawing a tile takes some 16 MB, and a quarter of its time was that."""


def _within(low: int, value: int, high: int) -> int:
    return max(low, min(value, high))


def settings(memory: int, socket_folder: str) -> dict[str, str]:
    """PostgreSQL settings for a machine with `memory` bytes; sizes are in MB (MiB).

    Durability stays on: fsync and synchronous_commit are left at their defaults.
    """
    size = memory // MEBIBYTE
    return {
        # Reachable from this machine only, by whoever may enter the socket's folder.
        "listen_addresses": "''",
        "unix_socket_directories": f"'{socket_folder}'",
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"{_within(32, size // 4, 4096)}MB",
        "effective_cache_size": f"{_within(64, size * 6 // 10, 1 << 20)}MB",
        "maintenance_work_mem": f"{_within(16, size // 16, 512)}MB",
        "work_mem": "32MB",
        "wal_compression": "on",
        "max_wal_size": "8GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        # Tile and feature queries last milliseconds; compiling them would last longer.
        "jit": "off",
        "max_parallel_workers_per_gather": "2",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_line_prefix": "'%m [%p] %q%u@%d '",
        "password_encryption": "scram-sha-256",
    }


def text(values: dict[str, str]) -> str:
    """The configuration file of these settings."""
    head = "# Written by bin/setup at every start; add your own settings in another file here.\n"
    return head + "".join(f"{name} = {value}\n" for name, value in values.items())
