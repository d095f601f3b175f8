"""Tasks that come again every night: each waits once only, for its own time of the next day."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from layers import nightly
from layers.journal.nightly import AT, note_head, schedule_note

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.django_db
def test_a_task_waits_once_only_for_its_time_of_the_next_day() -> None:
    waiting = DBTaskResult.objects.filter(task_path=note_head.module_path)
    waiting.delete()
    assert schedule_note()
    assert not schedule_note(at_once=True)
    assert waiting.get().run_after == nightly.next_night(AT)


def test_the_next_night_is_tomorrow_by_the_clock_of_the_place(monkeypatch) -> None:
    late = datetime(2026, 5, 1, 23, 30, tzinfo=SHANGHAI)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert nightly.next_night(time(0, 20)) == datetime(2026, 5, 2, 0, 20, tzinfo=SHANGHAI)
