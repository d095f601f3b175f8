"""Accounts to import with; the catalog, since rejected rows are told in both languages."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

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
def chief(db: None) -> User:
    return User.objects.create_user("chief", is_superuser=True)


@pytest.fixture
def steward_of_huayuan(account: Callable[..., User]) -> User:
    return account("steward", HUAYUAN)
