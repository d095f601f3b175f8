"""One scene for the whole folder, seeded once and rolled back."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings

from tests.access_matrix.asking import Answers
from tests.access_matrix.expectation import ANONYMOUS, EVERYBODY
from tests.access_matrix.scene import Scene, make_scene


class Kept(logging.Handler):
    """Every line that anything logs, at every level."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(scope="package")
def log() -> Iterator[list[str]]:
    kept, root = Kept(), logging.getLogger()
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    yield kept.lines
    root.removeHandler(kept)
    root.setLevel(level)


@pytest.fixture(scope="package")
def scene(
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    log: list[str],
) -> Iterator[Scene]:
    media: Path = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        yield make_scene()
        transaction.set_rollback(True)
    cache.clear()


@pytest.fixture(scope="package")
def clients(scene: Scene) -> dict[str, Client]:
    """A signed-in client for each of EVERYBODY. An error is a 500, as it is for a browser."""
    made = {name: Client(raise_request_exception=False) for name in EVERYBODY}
    for name, client in made.items():
        if name != ANONYMOUS:
            client.force_login(scene.users[name])
    return made


@pytest.fixture(scope="package")
def answers(scene: Scene, clients: dict[str, Client]) -> Answers:
    return Answers(scene, clients)
