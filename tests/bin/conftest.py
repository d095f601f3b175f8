"""Tests of the set-up commands: real processes, a real small cluster, no network."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(PROJECT / "bin"))


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder that every user may pass through, as a state folder must be; pytest's is not."""
    folder = Path(tempfile.mkdtemp(prefix="xiangcun-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)
