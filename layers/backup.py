"""Backups: one tar file with the whole database and every uploaded file that is kept.

The secrets are not in it: keep FIELD_KEY apart from the backups that it unlocks.
"""

import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from layers.errors import ServiceError
from layers.registry import LAYERS

DUMP = "database.dump"
UPLOADS = "media"
PASSING = ("imports", "exports")
"""Folders of MEDIA_ROOT with what is on its way in or out; what is kept of it lies elsewhere."""


class BackupFailed(ServiceError):
    code = "backup-failed"


def write_backup(target: Path) -> int:
    """Write the backup and return its size in bytes. A half-written one never has its name."""
    partial = target.with_name(target.name + ".partial")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        dump = Path(folder) / DUMP
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={dump}")
        with tarfile.open(partial, "w") as archive:
            archive.add(dump, DUMP)
            if settings.MEDIA_ROOT.exists():
                archive.add(settings.MEDIA_ROOT, UPLOADS, filter=_kept)
    partial.replace(target)
    return target.stat().st_size


def _kept(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    left_out = {f"{UPLOADS}/{name}" for name in PASSING}
    return None if member.name in left_out else member


def read_backup(source: Path) -> None:
    """Put the database and the uploads back as they were; all of the database or nothing.

    Raises BackupFailed when the file is not a backup, or PostgreSQL refuses it.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            with tarfile.open(source) as archive:
                _unpack(archive, Path(folder))
        except (tarfile.TarError, OSError) as error:
            raise BackupFailed(f"{source} cannot be read as a backup: {error}") from error
        dump = Path(folder) / DUMP
        if not dump.exists():
            raise BackupFailed(f"{source} is not a backup: it holds no {DUMP}")
        connections.close_all()
        database = str(connection.settings_dict["NAME"])
        _run(
            "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
            f"--dbname={database}", str(dump),
        )  # fmt: skip
        uploads = Path(folder) / UPLOADS
        if uploads.exists():
            shutil.copytree(uploads, settings.MEDIA_ROOT, dirs_exist_ok=True)


def _unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Plain files below the folder, nothing else: a tar can name links, devices and `..`.

    By hand, because Debian 12's Python has no `filter="data"` yet.
    """
    for member in archive:
        target = (folder / member.name).resolve()
        source = archive.extractfile(member) if member.isreg() else None
        if source is None or not target.is_relative_to(folder.resolve()):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with source, target.open("wb") as stream:
            shutil.copyfileobj(source, stream)


def holds_features() -> bool:
    """Whether any layer has a row, which a restore would replace."""
    return any(layer.rows.exists() for layer in LAYERS.values())


def _run(*argv: str) -> None:
    settings_of = connection.settings_dict
    names = {"PGDATABASE": "NAME", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    names |= {"PGHOST": "HOST", "PGPORT": "PORT"}
    given = {name: str(settings_of[key]) for name, key in names.items() if settings_of[key]}
    # The programs are Debian's, found on the PATH; every argument is ours.
    done = subprocess.run(  # noqa: S603
        argv, env={**os.environ, **given}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BackupFailed(f"{argv[0]} ended with {done.returncode}:\n{done.stderr.strip()}")
