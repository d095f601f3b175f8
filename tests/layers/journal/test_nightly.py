"""The head of the chain goes to the log every night."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from layers.journal.head import current_head
from layers.journal.nightly import note_head, schedule_note

pytestmark = pytest.mark.django_db


def test_the_head_is_logged_and_the_task_renews_itself(
    make_feature: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    make_feature("toilets")
    connection.check_constraints()
    DBTaskResult.objects.all().delete()
    with caplog.at_level(logging.INFO):
        note_head.call()
    assert f"journal head {current_head()}" in caplog.messages
    (waiting,) = DBTaskResult.objects.all()
    assert waiting.run_after > timezone.now()


def test_the_task_waits_once() -> None:
    DBTaskResult.objects.all().delete()
    assert schedule_note()
    assert not schedule_note()
