"""What the page says while a run is under way."""

import time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from gisapp.web.imports.progress import Progress, progress_of
from importers.deliveries import runs
from importers.models import ImportRun
from layers.models import User
from tests.importers import files
from tests.web.imports.conftest import Deliver


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> float:
    """The time stands still, ten seconds after the phase began."""
    monkeypatch.setattr(time, "time", lambda: 1_000_010.0)
    return 1_000_000.0


def said(**told: Any) -> Progress:
    with translation.override("en"):
        found = progress_of(told)
        return Progress(str(found.phase), found.percent, found.amount, found.rate, found.remaining)


def test_rows_are_told_with_rate_and_time_left(clock: float) -> None:
    told = said(phase="comparing", read=50_000, total=300_000, started=clock)
    assert told == Progress(
        "Comparing with what is there",
        17,
        "50,000 of 300,000 rows",
        "5,000 rows/s",
        "about 50 s left",
    )


def test_a_table_of_unknown_length_has_no_share_and_no_end(clock: float) -> None:
    told = said(phase="reading", read=50_000, total=None, started=clock)
    assert (told.percent, told.amount, told.remaining) == (None, "50,000 rows", "")


def test_changes_are_counted_while_they_are_made(clock: float) -> None:
    told = said(phase="loading", read=300_000, total=300_000, done=400, to_do=1_600, started=clock)
    assert (told.percent, told.amount, told.rate) == (25, "400 of 1,600 changes", "40 changes/s")
    assert told.remaining == "about 30 s left"


def test_what_was_read_does_not_fill_the_bar_of_what_comes_after(clock: float) -> None:
    told = said(phase="indexing", read=300_000, total=300_000, started=clock)
    assert (told.percent, told.amount, told.rate) == (None, "300,000 rows", "")


def test_a_phase_of_a_raster_tells_its_share(clock: float) -> None:
    told = said(phase="warping", share=0.25, started=clock)
    assert (told.percent, told.amount, told.remaining) == (25, "", "about 30 s left")


def test_a_phase_that_has_just_begun_promises_nothing(clock: float) -> None:
    told = said(phase="reading", read=10, total=1_000_000, started=clock + 9.5)
    assert (told.rate, told.remaining) == ("", "")


@pytest.mark.django_db
def test_the_page_shows_it_and_offers_to_cancel(
    page: Client, deliver: Deliver, steward_of_huayuan: User, tmp_path: Any
) -> None:
    delivery = deliver(files.geopackage(tmp_path / "a.gpkg", [files.SITE], [files.HUAYUAN]))
    run = runs.start(actor=steward_of_huayuan, uid=delivery.uid, dry_run=False)
    progress = {"phase": "loading", "done": 400, "to_do": 1_600, "started": time.time() - 10}
    ImportRun.objects.filter(pk=run.pk).update(
        state="running", progress=progress, heartbeat=timezone.now()
    )
    text = page.get(f"/imports/{delivery.uid}/progress").content.decode()
    for words in ("400 / 1,600", "25 %", "取消", "约剩"):
        assert words in text, words
