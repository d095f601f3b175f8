"""Upkeep: states that follow rules, reports, defects and the calendar."""

import uuid
from datetime import date, timedelta

import pyarrow as pa
import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from gisapp.maintenance import conditions, services
from gisapp.maintenance.models import Defect, Severity, UpkeepOutcome, UpkeepRecord, UpkeepRule
from gisapp.maintenance.reckoning import let_time_pass
from gisapp.maintenance.reference import load_rules
from gisapp.maintenance.schedule import cycle_of, row_cycles
from gisapp.maintenance.services import Report, report_upkeep
from gisapp.maintenance.tasks import nightly, schedule_nightly
from layers import signals
from layers.editing.upkeep import record_upkeep, schedule_rows
from layers.errors import Forbidden, LoginRequired, NotFound, Rejected
from layers.models import UpkeepState
from layers.registry import LAYERS
from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG

pytestmark = pytest.mark.django_db


def today() -> date:
    return timezone.localdate()


def fresh(feature):
    return type(feature).objects.get(pk=feature.pk)


def say(feature, layer: str, actor, **more) -> UpkeepRecord:
    report = Report(uid=more.pop("uid", uuid.uuid4()), done_on=more.pop("done_on", today()), **more)
    return report_upkeep(actor=actor, layer=LAYERS[layer], feature_id=feature.pk, report=report)


@pytest.fixture
def maintainer(account):
    return account("maintainer", HUAYUAN)


def test_a_new_feature_is_due_one_cycle_of_its_shortest_rule_after_it_came(make_feature) -> None:
    road = make_feature("roads", admin_class="county")
    assert fresh(road).upkeep_due_on == today() + timedelta(days=7)
    assert fresh(road).upkeep_state == UpkeepState.OK


def test_a_feature_that_no_rule_asks_for_needs_no_upkeep(make_feature) -> None:
    toilet = make_feature("toilets", toilet_type="sewer_flush")
    assert fresh(toilet).upkeep_due_on is None
    assert fresh(toilet).upkeep_state == UpkeepState.NONE


def test_an_edit_of_what_a_rule_looks_at_sets_another_due_day(make_feature, edit) -> None:
    road = make_feature("roads", admin_class="village")
    edit("roads", "update", fresh(road), admin_class="county")
    assert fresh(road).upkeep_due_on == today() + timedelta(days=7)
    edit("roads", "update", fresh(road), name="改名")
    assert fresh(road).upkeep_due_on == today() + timedelta(days=7)


def test_a_report_makes_an_overdue_feature_good_for_a_cycle(make_feature, maintainer) -> None:
    road = make_feature("roads")
    overdue(road, "roads", 20)
    record = say(road, "roads", maintainer)
    assert record.rule.code == "road-patrol-village"
    assert fresh(road).upkeep_state == UpkeepState.OK
    assert fresh(road).upkeep_due_on == today() + timedelta(days=30)


def overdue(feature, layer: str, days: int) -> None:
    record_upkeep(
        layer=LAYERS[layer],
        feature_id=feature.pk,
        due_on=today() - timedelta(days=days),
        state=UpkeepState.OVERDUE,
    )


def test_the_same_report_twice_is_one_record(make_feature, maintainer) -> None:
    road, uid = make_feature("roads"), uuid.uuid4()
    first, again = say(road, "roads", maintainer, uid=uid), say(road, "roads", maintainer, uid=uid)
    assert first.pk == again.pk
    assert UpkeepRecord.objects.filter(layer="roads", feature_id=road.pk).count() == 1


def test_somebody_elses_uid_is_refused(make_feature, maintainer, account) -> None:
    road, uid = make_feature("roads"), uuid.uuid4()
    say(road, "roads", maintainer, uid=uid)
    with pytest.raises(Forbidden):
        say(road, "roads", account("maintainer", HUAYUAN), uid=uid)
    with pytest.raises(Forbidden):
        say(make_feature("roads"), "roads", maintainer, uid=uid)


@pytest.mark.parametrize(
    ("role", "division", "refusal"),
    [
        ("maintainer", HUAYUAN, None),
        ("steward", HUAYUAN, None),
        ("administrator", HUAYUAN, None),
        ("viewer", HUAYUAN, Forbidden),
        ("inspector", HUAYUAN, Forbidden),
        ("planner", HUAYUAN, Forbidden),
        ("reviewer", HUAYUAN, Forbidden),
        ("maintainer", FENGHUANG, NotFound),
        ("steward", FENGHUANG, NotFound),
        (None, None, NotFound),
    ],
)
def test_only_those_who_maintain_a_division_report_there(
    make_feature, account, role, division, refusal
) -> None:
    road = make_feature("roads")
    actor = account(role, division)
    if refusal is None:
        say(road, "roads", actor)
    else:
        with pytest.raises(refusal):
            say(road, "roads", actor)
        assert not UpkeepRecord.objects.exists()


def test_a_defect_goes_before_any_due_day_until_it_is_closed(make_feature, maintainer) -> None:
    road = make_feature("roads")
    say(
        road,
        "roads",
        maintainer,
        outcome=UpkeepOutcome.DEFECT,
        note="路基塌陷",
        severity=Severity.MAJOR,
    )
    assert fresh(road).upkeep_state == UpkeepState.DEFECTIVE
    let_time_pass(today() + timedelta(days=400))
    assert fresh(road).upkeep_state == UpkeepState.DEFECTIVE
    (defect,) = Defect.objects.all()
    services.close_defect(actor=maintainer, defect_id=defect.pk, note="已修复")
    assert fresh(road).upkeep_state == UpkeepState.OK
    defect.refresh_from_db()
    assert (defect.state, defect.closed_by) == (Defect.State.CLOSED, maintainer)


def test_a_report_that_names_a_repair_closes_the_defect_and_undoing_opens_it(
    make_feature, maintainer
) -> None:
    road = make_feature("roads")
    say(road, "roads", maintainer, outcome=UpkeepOutcome.DEFECT, note="护栏损坏")
    defect = Defect.objects.get()
    repair = say(road, "roads", maintainer, repaired=(defect.pk,))
    assert fresh(road).upkeep_state == UpkeepState.OK
    services.undo_report(actor=maintainer, uid=repair.uid)
    assert fresh(road).upkeep_state == UpkeepState.DEFECTIVE


def test_undoing_a_report_brings_everything_back_and_twice_is_once(
    make_feature, maintainer
) -> None:
    road = make_feature("roads")
    overdue(road, "roads", 20)
    record = say(road, "roads", maintainer, outcome=UpkeepOutcome.DEFECT, note="看错了")
    for _time in range(2):
        services.undo_report(actor=maintainer, uid=record.uid)
        assert fresh(road).upkeep_state == UpkeepState.OVERDUE
        assert fresh(road).upkeep_due_on == today() - timedelta(days=20)
    assert Defect.objects.get().state == Defect.State.WITHDRAWN
    assert UpkeepRecord.objects.get().undone_by == maintainer


def test_undoing_an_older_report_keeps_the_newer(make_feature, maintainer) -> None:
    road = make_feature("roads")
    older = say(road, "roads", maintainer, done_on=today() - timedelta(days=3))
    say(road, "roads", maintainer, done_on=today() - timedelta(days=1))
    services.undo_report(actor=maintainer, uid=older.uid)
    assert fresh(road).upkeep_due_on == today() + timedelta(days=29)


def test_only_ones_own_report_of_today_can_be_undone(make_feature, maintainer, account) -> None:
    road = make_feature("roads")
    record = say(road, "roads", maintainer)
    with pytest.raises(Rejected):
        services.undo_report(actor=account("maintainer", HUAYUAN), uid=record.uid)
    UpkeepRecord.objects.update(received_at=timezone.now() - timedelta(days=1))
    with pytest.raises(Rejected):
        services.undo_report(actor=maintainer, uid=record.uid)


@pytest.mark.parametrize("days", [1, -367])
def test_a_report_of_another_time_is_refused(make_feature, maintainer, days) -> None:
    road = make_feature("roads")
    with pytest.raises(Rejected):
        say(road, "roads", maintainer, done_on=today() + timedelta(days=days))


def test_a_task_of_another_kind_of_feature_is_refused(make_feature, maintainer) -> None:
    with pytest.raises(Rejected):
        say(make_feature("roads"), "roads", maintainer, rule="toilet-public-cleaning")


def test_time_passes_from_good_order_to_due_to_overdue(make_feature) -> None:
    road = make_feature("roads")
    expected = [(19, "ok"), (20, "due"), (30, "due"), (31, "overdue")]
    for days, state in expected:
        let_time_pass(today() + timedelta(days=days))
        assert fresh(road).upkeep_state == state, days
    let_time_pass(today())
    assert fresh(road).upkeep_state == "ok"


def test_a_defect_found_elsewhere_opens_once_and_shows(make_feature, account) -> None:
    road, uid = make_feature("roads"), uuid.uuid4()
    found = {
        "layer": LAYERS["roads"],
        "feature": road,
        "actor": account("inspector", HUAYUAN),
        "uid": uid,
        "description": "标志牌倒伏",
    }
    for _time in range(2):
        signals.defect_found.send(sender=object, **found)
    assert Defect.objects.get().description == "标志牌倒伏"
    assert fresh(road).upkeep_state == UpkeepState.DEFECTIVE


def test_rules_agree_in_memory_in_sql_and_over_columns(make_feature) -> None:
    """Every shipped rule, over rows with and without the values it looks at."""
    rows = [
        ("roads", make_feature("roads", admin_class=each))
        for each in ("county", "township", "village", "special")
    ]
    rows += [
        ("water-works", make_feature("water-works", daily_capacity_m3=each))
        for each in (None, 0, 999.9, 1000, 5000)
    ]
    rows += [("toilets", make_feature("toilets", category="public", toilet_type="public"))]
    rows += [("toilets", make_feature("toilets"))]
    rows += [("assets", make_feature("assets", state=each)) for each in ("in_use", "disposed")]
    for rule in UpkeepRule.objects.all():
        condition, values = conditions.as_sql(rule.condition, "x")
        for name, row in rows:
            if name == rule.layer:
                matched = selected(LAYERS[name], condition, values)
                assert conditions.matches(rule.condition, fresh(row)) == (row.pk in matched), rule
                found = conditions.over_columns(LAYERS[name], rule.condition, cells_of(row), 1)
                assert found.to_pylist() == [row.pk in matched], rule


def cells_of(row) -> dict[str, pa.Array]:
    """As COPY would bring them; a column of nothing is left out, as a file may lack it."""
    values = {each.name: getattr(fresh(row), each.name, None) for each in row_layer(row).columns()}
    return {name: pa.array([str(value)]) for name, value in values.items() if value is not None}


def row_layer(row):
    return next(each for each in LAYERS.values() if each.model is type(row))


@pytest.mark.parametrize("rules", [True, False])
def test_rows_to_come_have_their_shortest_cycle_or_none(rules) -> None:
    if not rules:
        UpkeepRule.objects.all().delete()
    cells = {"admin_class": pa.array(["county", "special", None])}
    found = row_cycles(LAYERS["roads"])(cells, 3).to_pylist()
    assert found == ([7, 30, None] if rules else [None] * 3)


def selected(layer, condition, values) -> set[int]:
    from django.db import connection
    from psycopg2 import sql

    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT id FROM {} WHERE {}").format(sql.Identifier(layer.table), condition),
            values,
        )
        return {row[0] for row in cursor.fetchall()}


def test_loaded_rows_get_their_first_day_at_once_but_keep_one_that_came(make_feature) -> None:
    one, other = make_feature("roads"), make_feature("roads")
    layer = LAYERS["roads"]
    record_upkeep(layer=layer, feature_id=one.pk, due_on=None, state=UpkeepState.NONE)
    overdue(other, "roads", 9)
    assert schedule_rows(layer, today(), cycle_of(layer)) == 1
    assert fresh(one).upkeep_due_on == today() + timedelta(days=30)
    assert fresh(other).upkeep_due_on == today() - timedelta(days=9)


def test_shipped_rules_leave_a_bureaus_own_alone() -> None:
    UpkeepRule.objects.filter(code="road-patrol-county").update(cycle_days=3)
    load_rules()
    assert UpkeepRule.objects.get(code="road-patrol-county").cycle_days == 3


@pytest.mark.parametrize(
    "condition",
    [
        {"nothing": ["x"]},
        {"householder": ["x"]},
        {"division": ["x"]},
        {"category": []},
        {"category": "public"},
        {"category": {"min": 3}},
        {"squat_places": {"min": "3; DROP"}},
        {"squat_places": {"over": 3}},
        ["category"],
    ],
)
def test_a_condition_that_means_nothing_is_refused(condition) -> None:
    with pytest.raises(Rejected):
        conditions.check(LAYERS["toilets"], condition)


def test_the_nightly_task_waits_once_and_renews_itself() -> None:
    DBTaskResult.objects.all().delete()
    assert schedule_nightly()
    assert not schedule_nightly()
    DBTaskResult.objects.all().delete()
    nightly.call()
    (waiting,) = DBTaskResult.objects.all()
    assert waiting.run_after > timezone.now()


def test_the_command_reckons_states(make_feature, capsys) -> None:
    road = make_feature("roads")
    call_command("refresh_upkeep", "--day", (today() + timedelta(days=60)).isoformat())
    assert fresh(road).upkeep_state == UpkeepState.OVERDUE


def test_anonymous_cannot_report(make_feature) -> None:
    from django.contrib.auth.models import AnonymousUser

    with pytest.raises((LoginRequired, NotFound)):
        say(make_feature("roads"), "roads", AnonymousUser())


def test_near_a_place_the_nearest_comes_first(make_feature, account, signed_in) -> None:
    far = make_feature("toilets", IN_FENGHUANG)
    near = make_feature("toilets")
    for each in (far, near):
        overdue(each, "toilets", 5)
    client = signed_in(account("viewer", "433100000000"))
    page = client.get("/maintenance/", {"near": "109.48,28.57"}).content.decode()
    assert page.index(near.code) < page.index(far.code)
