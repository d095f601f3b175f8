"""Accounts to import with; the catalog, since rejected rows are told in both languages."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from importers import opening
from importers.box.reading import Boxed
from importers.readers.catalogue import reader_of
from importers.readers.portions import portioned
from importers.readers.specification import Request
from layers.models import User
from tests.conftest import HUAYUAN

CATALOG = Path(__file__).parents[2] / "importers/locale/zh_Hans/LC_MESSAGES/django.po"


@pytest.fixture(scope="session", autouse=True)
def compiled_catalog() -> None:
    compiled = CATALOG.with_suffix(".mo")
    fresh = compiled.exists() and compiled.stat().st_mtime >= CATALOG.stat().st_mtime
    if not fresh and shutil.which("msgfmt"):
        subprocess.run(["msgfmt", "-o", compiled, CATALOG], check=True)


@pytest.fixture
def without_box(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in the test's own process: starting the box takes longer than all else."""

    @contextmanager
    def opened(path: Path, *, table: str | None = None) -> Iterator[Boxed]:
        with (
            TemporaryDirectory() as scratch,
            reader_of(path).open(Request(path, Path(scratch), table)) as source,
        ):
            yield Boxed(source.description, portioned(source.batches), lambda: None)

    monkeypatch.setattr(opening, "opened_in_box", opened)


@pytest.fixture
def chief(db: None) -> User:
    return User.objects.create_user("chief", is_superuser=True)


@pytest.fixture
def steward_of_huayuan(account: Callable[..., User]) -> User:
    return account("steward", HUAYUAN)
