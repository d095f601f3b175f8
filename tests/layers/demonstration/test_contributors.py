"""What the application's parts add: projects that add up, upkeep with its reasons, and visits."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Count, F, Max, Sum
from django.utils import timezone

from gisapp.maintenance.models import Defect, UpkeepRecord
from gisapp.maintenance.reckoning import let_time_pass
from gisapp.maintenance.schedule import last_done, rules_in_force, tasks_of
from gisapp.projects.models import Disclosure, Funding, Project, ProjectFeature, Stage, StageEntry
from gisapp.verification.models import Verdict, Visit
from layers.codes import code_lists
from layers.demonstration.contributors import contributors
from layers.models import Asset, UpkeepState
from layers.registry import LAYERS

from .conftest import COUNTIES, Seeded

pytestmark = pytest.mark.django_db


def test_every_part_contributes(seeded: Seeded) -> None:
    assert {part.__name__ for part in contributors()} == {
        "gisapp.projects.demonstration",
        "gisapp.maintenance.demonstration",
        "gisapp.verification.demonstration",
        "gisapp.web.demonstration",
        "importers.demonstration",
    }
    kinds = ("projects", "project links", "upkeep reports", "defects", "visits")
    for kind in (*kinds, "plans", "conflicts", "deliveries"):
        assert seeded.made[kind] > 0


def test_a_past_projects_shares_add_up_to_its_money(seeded: Seeded) -> None:
    past = Project.objects.filter(code__endswith="00")
    assert past.count() > 50
    funds = dict(Funding.objects.values_list("project").annotate(Sum("planned_yuan")))
    shares = dict(ProjectFeature.objects.values_list("project").annotate(Sum("funds_share_yuan")))
    for project in past:
        assert funds[project.pk] == shares[project.pk], project


def test_an_assets_project_carries_the_name_that_the_asset_gives(seeded: Seeded) -> None:
    for asset in Asset.objects.all():
        link = ProjectFeature.objects.get(layer="assets", feature_id=asset.pk)
        assert link.project.name == asset.source_project
        assert link.project.division_id[:6] == asset.division_id[:6]
        assert link.funds_share_yuan == asset.funds_yuan


def test_links_reach_features_of_the_projects_county(seeded: Seeded) -> None:
    for name, layer in LAYERS.items():
        links = ProjectFeature.objects.filter(layer=name).select_related("project")
        rows = layer.rows.in_bulk([link.feature_id for link in links])
        assert links.exists() or name == "toilets"  # of which only the public ones are linked
        for link in links:
            assert rows[link.feature_id].division_id[:6] == link.project.division_id[:6]


def test_codes_of_projects_are_on_their_lists(seeded: Seeded) -> None:
    names = {
        "kind": "project_kind",
        "nature": "project_nature",
        "rejection_reason": "rejection_reason",
    }
    lists = code_lists(*names.values(), "fund_source")
    for field, name in names.items():
        values = set(Project.objects.exclude(**{field: ""}).values_list(field, flat=True))
        assert values <= set(lists[name]), field
    assert set(Funding.objects.values_list("source", flat=True)) <= set(lists["fund_source"])


def test_projects_are_spread_over_the_flow(seeded: Seeded) -> None:
    coming = Project.objects.exclude(code__endswith="00")
    assert coming.values("stage").distinct().count() >= 3
    assert Project.objects.filter(stage=Stage.EVALUATION).exists()
    order = Stage.values
    for project in Project.objects.prefetch_related("stages"):
        entries = sorted(project.stages.all(), key=lambda entry: order.index(entry.stage))
        assert [entry.stage for entry in entries] == order[: order.index(project.stage) + 1]
        days = [entry.entered_on for entry in entries]
        assert days == sorted(days)
    assert not StageEntry.objects.filter(entered_on__gt=seeded.day).exists()


def test_nothing_is_paid_before_work_begins_nor_more_than_planned(seeded: Seeded) -> None:
    early = Stage.values[: Stage.values.index(Stage.CONSTRUCTION)]
    assert not Funding.objects.filter(project__stage__in=early, paid_yuan__gt=0).exists()
    assert not Funding.objects.filter(paid_yuan__gt=F("planned_yuan")).exists()
    assert Funding.objects.filter(paid_yuan__gt=Decimal(0)).exists()


def test_disclosures_last_ten_days_or_more(seeded: Seeded) -> None:
    assert Disclosure.objects.exists()
    assert not Disclosure.objects.filter(days__lt=10).exists()


@pytest.mark.parametrize("name", sorted(LAYERS))
def test_due_days_follow_from_the_reports(seeded: Seeded, name: str) -> None:
    layer = LAYERS[name]
    rules = rules_in_force(layer)
    rows = list(layer.rows.filter(upkeep_due_on__isnull=False))
    done = last_done(layer, [row.pk for row in rows])
    for row in rows:
        assert tasks_of(row, rules, done[row.pk])[0].due_on == row.upkeep_due_on, row
    needed = {row.pk for row in layer.rows.all() if tasks_of(row, rules, {})}
    assert needed == {row.pk for row in rows}


def test_no_report_is_of_a_day_to_come(seeded: Seeded) -> None:
    latest = UpkeepRecord.objects.aggregate(latest=Max("done_on"))["latest"]
    assert latest <= seeded.day


def test_letting_no_time_pass_changes_no_state(seeded: Seeded) -> None:
    assert set(let_time_pass(seeded.day).values()) == {0}


@pytest.mark.parametrize("name", sorted(LAYERS))
def test_defective_features_and_no_others_have_an_open_defect(seeded: Seeded, name: str) -> None:
    defective = LAYERS[name].rows.filter(upkeep_state=UpkeepState.DEFECTIVE)
    open_ = Defect.objects.filter(layer=name, state=Defect.State.OPEN)
    assert set(open_.values_list("feature_id", flat=True)) == set(
        defective.values_list("pk", flat=True)
    )
    assert not open_.filter(reported_at__gt=timezone.now()).exists()


def test_visits_are_near_their_features_and_recent(seeded: Seeded) -> None:
    per_county = (
        Visit.objects.values_list("division")
        .annotate(Count("pk"))
        .values_list("division", "pk__count")
    )
    assert {division[:6] for division, _count in per_county} == {code[:6] for code in COUNTIES}
    for visit in Visit.objects.all():
        assert visit.demonstration
        assert visit.distance_m is not None
        assert visit.distance_m < 5 * (visit.accuracy_m or 0)
        assert timedelta(0) < timezone.now() - visit.captured_at < timedelta(days=57)
        row = LAYERS[visit.layer].rows.get(pk=visit.feature_id)
        defective = row.upkeep_state == UpkeepState.DEFECTIVE
        assert (visit.verdict == Verdict.DEFECT) == defective
