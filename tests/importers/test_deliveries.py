"""A delivery from its files to the map and back, with the workers' functions called directly."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from importers.deliveries import (
    carrying,
    corrections,
    kept,
    preview,
    purging,
    reading,
    runs,
    storage,
)
from importers.deliveries.corrections import Corrections
from importers.deliveries.questions import open_count, questions_of
from importers.deliveries.receiving import Announced, begin, complete, receive
from importers.models import Delivery, ImportRun, Profile
from layers.errors import Conflict, NotFound, Rejected
from layers.models import Changeset, ResettlementSite, User
from layers.registry import LAYERS
from tests.conftest import FENGHUANG, HUAYUAN
from tests.importers import files

SITE = files.SITE


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def delivered(actor: User, *paths: Path, layer: str = "resettlement-sites") -> Delivery:
    announced = [Announced(path.name, path.stat().st_size) for path in paths]
    delivery = begin(actor=actor, layer=layer, division=HUAYUAN, files=announced)
    for number, path in enumerate(paths, start=1):
        receive(actor=actor, uid=delivery.uid, number=number, offset=0, chunk=path.read_bytes())
    complete(actor=actor, uid=delivery.uid)
    reading.read(delivery.uid)
    delivery.refresh_from_db()
    return delivery


def correct(delivery: Delivery, **changes: Any) -> None:
    said = Corrections.from_json(delivery.corrections).with_(**changes)
    delivery.corrections = said.as_json()
    delivery.save()
    reading.reconsidered(delivery)


def carried_out(actor: User, delivery: Delivery, **options: Any) -> ImportRun:
    run = runs.start(actor=actor, uid=delivery.uid, **{"dry_run": False, **options})
    carrying.carry_out(run.uid)
    run.refresh_from_db()
    delivery.refresh_from_db()
    return run


@pytest.mark.django_db
class TestUnderstanding:
    def test_a_file_is_read_and_its_columns_are_found(
        self, steward_of_huayuan: User, tmp_path: Path
    ) -> None:
        path = files.geopackage(tmp_path / "a.gpkg", [SITE], [files.HUAYUAN])
        delivery = delivered(steward_of_huayuan, path)
        proposal = kept.kept_proposal(delivery.uid)
        assert delivery.state == "open"
        assert len(delivery.sha256) == 64
        assert proposal is not None
        assert proposal.interpretation.columns["name"].column == "安置点名称"
        assert open_count(questions_of(proposal, Corrections())) == 0

    def test_what_is_no_such_file_says_why_in_both_languages(
        self, steward_of_huayuan: User, tmp_path: Path
    ) -> None:
        path = tmp_path / "a.zip"
        path.write_bytes(b"hello, this is no archive")
        delivery = delivered(steward_of_huayuan, path)
        assert delivery.state == "unreadable"
        assert set(delivery.problem["text"]) == {"zh", "en"}

    def test_a_run_waits_until_every_question_is_answered(
        self, steward_of_huayuan: User, tmp_path: Path
    ) -> None:
        rows = [{**SITE, "安置方式": "1"}]
        path = files.geopackage(tmp_path / "a.gpkg", rows, [files.HUAYUAN])
        delivery = delivered(steward_of_huayuan, path)
        with pytest.raises(Rejected):
            runs.start(actor=steward_of_huayuan, uid=delivery.uid, dry_run=True)
        correct(delivery, values={"setting": {"1": "urban"}})
        assert runs.start(actor=steward_of_huayuan, uid=delivery.uid, dry_run=True)

    def test_persons_are_hidden_whatever_their_column_is_called(
        self, steward_of_huayuan: User, tmp_path: Path
    ) -> None:
        secrets = {"户主姓名": "滕某某", "备注": "电话13987650000", "甲": "433124197001019876"}
        row = {"类别": "户厕", **secrets}
        path = files.geopackage(tmp_path / "t.gpkg", [row], [files.HUAYUAN])
        delivery = delivered(steward_of_huayuan, path, layer="toilets")
        sample, proposal = kept.kept_sample(delivery.uid), kept.kept_proposal(delivery.uid)
        assert sample
        assert proposal
        shown = preview.first_rows(LAYERS["toilets"], sample, proposal.interpretation)
        text = json.dumps([each.cells for each in shown], ensure_ascii=False)
        told = ("滕某某", "13987650000", "433124197001019876")
        assert [each for each in told if each in text] == []
        assert "户厕" in text

    def test_a_datum_that_leads_nowhere_is_told_and_not_taken(
        self, steward_of_huayuan: User, tmp_path: Path
    ) -> None:
        path = files.geopackage(tmp_path / "a.gpkg", [SITE], [files.CHECK_ORDINATES], None)
        delivery = delivered(steward_of_huayuan, path)
        sample = kept.kept_sample(delivery.uid)
        assert sample
        layer = LAYERS["resettlement-sites"]
        found = {}
        for datum in ("EPSG:4525", "gcj02", "EPSG:4526"):
            correct(delivery, datum=datum)
            proposal = kept.kept_proposal(delivery.uid)
            assert proposal
            waiting = open_count(questions_of(proposal, Corrections(datum=datum)))
            found[datum] = waiting, proposal.interpretation.place.datum
        shown = preview.places(layer, sample, proposal.interpretation)
        assert (shown["ok"], shown["bad"]) == (1, 0)
        assert found["EPSG:4525"] == (0, "EPSG:4525")
        # What puts nothing near Hunan is not taken: the question stays, with why.
        assert found["EPSG:4526"] == (2, "EPSG:4525")


@pytest.mark.django_db
class TestRuns:
    def test_a_dry_run_counts_and_writes_nothing_then_the_run_loads_and_undo_removes(
        self, steward_of_huayuan: User, tmp_path: Path
    ) -> None:
        path = files.geopackage(tmp_path / "a.gpkg", [SITE, SITE], [files.HUAYUAN] * 2)
        delivery = delivered(steward_of_huayuan, path)
        dry = carried_out(steward_of_huayuan, delivery, dry_run=True)
        assert (dry.state, dry.report["new"]) == ("done", 2)
        assert delivery.state == "open"
        assert not ResettlementSite.objects.exists()
        run = carried_out(steward_of_huayuan, delivery)
        assert (run.state, delivery.state) == ("done", "loaded")
        assert ResettlementSite.objects.filter(changeset=run.changeset).count() == 2
        assert Profile.objects.get().owner == steward_of_huayuan
        with pytest.raises(Conflict):
            runs.start(actor=steward_of_huayuan, uid=delivery.uid, dry_run=False)
        runs.undo(actor=steward_of_huayuan, uid=delivery.uid, run=run.uid)
        carrying.carry_out(run.uid)
        run.refresh_from_db()
        assert (run.state, run.report["undone"]["removed"]) == ("undone", 2)
        assert not ResettlementSite.objects.exists()

    def test_rejected_rows_keep_all_of_them_out_unless_they_may_be_left_behind(
        self, steward_of_huayuan: User, tmp_path: Path
    ) -> None:
        rows = [SITE, {**SITE, "安置户数": -1}]
        path = files.geopackage(tmp_path / "a.gpkg", rows, [files.HUAYUAN] * 2)
        delivery = delivered(steward_of_huayuan, path)
        run = carried_out(steward_of_huayuan, delivery)
        assert (run.state, run.has_rejects, delivery.state) == ("refused", True, "open")
        assert not Changeset.objects.exists()
        assert run.report["rejected_rows"][0]["row"] == 2
        again = carried_out(steward_of_huayuan, delivery, skip_rejected=True)
        assert (again.state, again.report["loaded"]) == ("done", 1)

    def test_an_error_leaves_a_failed_run_and_a_delivery_that_can_be_tried_again(
        self, steward_of_huayuan: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = files.geopackage(tmp_path / "a.gpkg", [SITE], [files.HUAYUAN])
        delivery = delivered(steward_of_huayuan, path)

        def broken(*_arguments: Any) -> None:
            raise RuntimeError("disk on fire")

        monkeypatch.setattr(carrying, "_imported", broken)
        run = runs.start(actor=steward_of_huayuan, uid=delivery.uid, dry_run=False)
        with pytest.raises(RuntimeError):
            carrying.carry_out(run.uid)
        run.refresh_from_db()
        delivery.refresh_from_db()
        assert (run.state, delivery.state) == ("failed", "open")
        monkeypatch.undo()
        assert carried_out(steward_of_huayuan, delivery).state == "done"

    def test_one_run_at_a_time_and_one_that_waits_is_cancelled_at_once(
        self, steward_of_huayuan: User, tmp_path: Path
    ) -> None:
        path = files.geopackage(tmp_path / "a.gpkg", [SITE], [files.HUAYUAN])
        delivery = delivered(steward_of_huayuan, path)
        run = runs.start(actor=steward_of_huayuan, uid=delivery.uid, dry_run=False)
        with pytest.raises(Conflict):
            runs.start(actor=steward_of_huayuan, uid=delivery.uid, dry_run=False)
        runs.cancel(actor=steward_of_huayuan, uid=delivery.uid, run=run.uid)
        assert carrying.carry_out(run.uid) == "cancelled"
        assert not ResettlementSite.objects.exists()

    def test_others_runs_are_not_there(
        self, steward_of_huayuan: User, account: Any, tmp_path: Path
    ) -> None:
        path = files.geopackage(tmp_path / "a.gpkg", [SITE], [files.HUAYUAN])
        delivery = delivered(steward_of_huayuan, path)
        with pytest.raises(NotFound):
            runs.start(actor=account("steward", FENGHUANG), uid=delivery.uid, dry_run=True)


@pytest.mark.django_db(transaction=True)
class TestCrashes:
    """With real commits: what another connection sees of a run under way."""

    def test_a_run_is_cancelled_from_outside_and_writes_nothing(
        self, steward_of_huayuan: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = files.geopackage(tmp_path / "a.gpkg", [SITE], [files.HUAYUAN])
        delivery = delivered(steward_of_huayuan, path)
        run = runs.start(actor=steward_of_huayuan, uid=delivery.uid, dry_run=False)
        ImportRun.objects.filter(pk=run.pk).update(cancel_requested=True)
        told = carrying.Pulse.tell

        def wait_for_the_beat(pulse: Any, progress: Any) -> None:
            told(pulse, progress)
            while not pulse.cancelled():
                pulse._ended.wait(0.01)

        monkeypatch.setattr(carrying.Pulse, "tell", wait_for_the_beat)
        assert carrying.carry_out(run.uid) == "cancelled"
        assert not ResettlementSite.objects.exists()
        assert not Changeset.objects.exists()

    def test_a_run_whose_worker_died_is_found_and_loads_once(
        self, steward_of_huayuan: User, tmp_path: Path
    ) -> None:
        path = files.geopackage(tmp_path / "a.gpkg", [SITE], [files.HUAYUAN])
        delivery = delivered(steward_of_huayuan, path)
        run = runs.start(actor=steward_of_huayuan, uid=delivery.uid, dry_run=False)
        long_ago = timezone.now() - timedelta(minutes=5)
        ImportRun.objects.filter(pk=run.pk).update(state="running", attempts=1, heartbeat=long_ago)
        with carrying.Pulse(ImportRun, run.uid):
            ImportRun.objects.filter(pk=run.pk).update(heartbeat=long_ago)
            assert runs.revive() == 0
            with pytest.raises(carrying.Pulse.__enter__.__globals__["AlreadyUnderWay"]):
                carrying.carry_out(run.uid)
        ImportRun.objects.filter(pk=run.pk).update(heartbeat=long_ago)
        assert runs.revive() == 1
        assert runs.revive() == 0
        for _twice in range(2):
            assert carrying.carry_out(run.uid) == "done"
        assert ResettlementSite.objects.count() == 1


@pytest.mark.django_db
def test_files_go_when_their_time_is_over_and_the_record_stays(
    steward_of_huayuan: User, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    path = files.geopackage(tmp_path / "a.gpkg", [SITE], [files.HUAYUAN])
    delivery = delivered(steward_of_huayuan, path)
    assert purging.purge_due() == 0
    Delivery.objects.update(purge_on=timezone.localdate())
    with django_capture_on_commit_callbacks(execute=True):
        assert purging.purge_due() == 1
    assert not storage.folder(delivery.uid).exists()
    delivery.refresh_from_db()
    assert not delivery.has_files
    assert delivery.name == "a.gpkg"


def test_corrections_lie_over_the_proposal_and_a_column_fills_one_field_only() -> None:
    from importers.interpretation import ColumnChoice, Interpretation

    proposed = Interpretation(columns={"name": ColumnChoice("甲", 0.8, "alias")})
    said = corrections.Corrections(columns={"code": "甲"}, factors={"code": "10000"})
    now = said.on(proposed)
    assert list(now.columns) == ["code"]
    assert now.columns["code"].factor == 10_000
    assert Corrections.from_json(json.loads(json.dumps(said.as_json()))).on(proposed) == now
    assert Corrections().on(proposed) == proposed
