"""A backup, restored into an empty database, is the same service again."""

import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from layers import backup
from layers.backup import BackupFailed, read_backup, write_backup
from layers.models import Division
from tiles.overview.folding import fold

pytestmark = pytest.mark.django_db


def address(name: str) -> str:
    """DATABASE_URL of another database on the test's server."""
    found = connection.settings_dict
    user = quote(str(found["USER"]), safe="")
    password = quote(str(found["PASSWORD"]), safe="")
    where = quote(str(found["HOST"]), safe="")
    return f"postgis://{user}:{password}@:{found['PORT']}/{name}?host={where}"


def manage(*argv: str, database: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *argv],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "DATABASE_URL": address(database), **more},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def empty_database() -> Iterator[str]:
    """A database beside the test's own, gone after the test."""
    name = f"{connection.settings_dict['NAME']}_restored"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield name
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')


@pytest.mark.django_db(transaction=True)
def test_a_restored_backup_has_the_data_the_uploads_the_guards_and_the_overview(
    tmp_path, settings, empty_database, make_feature
) -> None:
    make_feature("toilets")
    fold()
    make_feature("toilets")
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "photo.jpg").write_bytes(b"evidence")
    archive = tmp_path / "backup.tar"
    assert write_backup(archive) > 100_000
    (settings.MEDIA_ROOT / "photo.jpg").unlink()

    restored = manage(
        "restore", str(archive), database=empty_database, MEDIA_ROOT=str(settings.MEDIA_ROOT)
    )
    assert restored.returncode == 0, restored.stderr
    assert (settings.MEDIA_ROOT / "photo.jpg").read_bytes() == b"evidence"
    ask = (
        "from layers.models import *\n"
        "from django.core.management import call_command\n"
        "print(Division.objects.count())\n"
        "call_command('check_overview', 'toilets')\n"
        "call_command('fold_overview')\n"
        "Toilet(code='x', division_id='433124000000', changeset_id=1).save()"
    )
    answer = manage("shell", "-v", "0", "-c", ask, database=empty_database)
    told = answer.stdout.splitlines()
    assert told[0] == str(Division.objects.count())
    assert told[1:] == ["toilets: 0 cells are wrong", "2 deltas folded"]
    assert "written by the editing service only" in answer.stderr


def test_a_backup_has_the_rasters_and_nothing_that_only_passes_through(
    tmp_path, settings, monkeypatch
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    for name in ("rasters/dem/a.tif", "imports/u1/a.zip", "exports/x.gpkg", "evidence/imports.jpg"):
        path = settings.MEDIA_ROOT / name
        path.parent.mkdir(parents=True)
        path.touch()
    monkeypatch.setattr(backup, "_run", lambda *argv: Path(argv[-1].split("=")[1]).touch())
    write_backup(tmp_path / "backup.tar")
    with tarfile.open(tmp_path / "backup.tar") as archive:
        files = sorted(member.name for member in archive if member.isreg())
    assert files == ["database.dump", "media/evidence/imports.jpg", "media/rasters/dem/a.tif"]


def test_a_backup_that_points_outside_its_folder_writes_nothing_there(tmp_path) -> None:
    hostile = tmp_path / "hostile.tar"
    with tarfile.open(hostile, "w") as archive:
        entry = tarfile.TarInfo("../outside")
        entry.size = 4
        archive.addfile(entry, BytesIO(b"evil"))
        link = tarfile.TarInfo("database.dump")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    with pytest.raises(BackupFailed, match="not a backup"):
        read_backup(hostile)


def test_what_is_no_backup_is_refused_and_changes_nothing(tmp_path) -> None:
    broken = tmp_path / "broken.tar"
    broken.write_bytes(b"not a tar")
    with pytest.raises(BackupFailed):
        read_backup(broken)
    assert Division.objects.exists()
