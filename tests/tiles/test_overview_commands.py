"""manage.py fold_overview and check_overview, and the lag that /metrics tells."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Callable[..., str]:
    def run(*argv: str) -> str:
        out = StringIO()
        call_command(*argv, stdout=out, stderr=out)
        return out.getvalue()

    return run


def test_a_fold_says_how_many_deltas_it_carried_over(make_feature, told) -> None:
    for _each in range(2):
        make_feature("toilets")
    # Each was written, and then got its first due day.
    assert "4 deltas folded" in told("fold_overview")
    assert "0 deltas folded" in told("fold_overview")


def test_a_right_overview_is_told_layer_by_layer(make_feature, told) -> None:
    make_feature("roads")
    assert "roads: 0 cells are wrong" in told("check_overview", "roads")
    assert "toilets" not in told("check_overview", "roads")


def test_a_wrong_cell_is_named_the_command_fails_and_repair_counts_anew(make_feature, told) -> None:
    make_feature("toilets")
    told("fold_overview")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tiles_cell SET n_due = 7 WHERE level = 12")
    out = StringIO()
    with pytest.raises(CommandError, match="The overview is wrong: toilets") as failure:
        call_command("check_overview", stdout=out, stderr=out)
    assert failure.value.returncode == 1
    assert "level 12" in out.getvalue()
    assert "county 433124: keeps ok=1 due=7" in out.getvalue()
    assert "repaired, 1 features" in told("check_overview", "--repair")
    assert "toilets: 0 cells are wrong" in told("check_overview")


def test_a_coarse_cell_with_another_version_than_its_parts_is_wrong(make_feature, told) -> None:
    make_feature("toilets")
    told("fold_overview")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tiles_cell SET nonce = nonce + 1 WHERE level = 12")
    with pytest.raises(CommandError):
        told("check_overview", "toilets")


def test_a_named_layer_is_counted_anew_and_an_unknown_one_refused(make_feature, told) -> None:
    make_feature("toilets")
    assert told("fold_overview", "--rebuild", "toilets").startswith("toilets: 1 in ")
    for command in (("fold_overview", "--rebuild", "castles"), ("check_overview", "castles")):
        with pytest.raises(CommandError, match="castles"):
            told(*command)
    with pytest.raises(CommandError, match="--rebuild only"):
        told("fold_overview", "toilets")


def test_metrics_tell_what_waits_to_be_folded_and_since_when(make_feature, told, client) -> None:
    make_feature("toilets")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tiles_cell_delta SET at = now() - interval '90 s'")
    lines = client.get("/metrics").content.decode().splitlines()
    assert "xiangcun_overview_deltas 2" in lines
    (lag,) = (line for line in lines if line.startswith("xiangcun_overview_lag_seconds "))
    assert 90 <= float(lag.split()[1]) < 200
    told("fold_overview")
    assert "xiangcun_overview_lag_seconds 0.0" in client.get("/metrics").content.decode()
