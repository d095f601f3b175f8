"""Personal data: told by one call, to those who may; never in another answer, a file or a log.

The matrix looks for the planted data in every answer of every route; here are the ways that take
more than an address.
"""

import json
import logging
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client

from layers.models import Edit, PlannedEdit, Submission, Unmasking
from layers.registry import LAYERS
from tests.access_matrix.asking import leaks
from tests.access_matrix.scene import MARKERS, Scene, add_outside
from tests.conftest import place

pytestmark = pytest.mark.django_db

NAME, NUMBER, PHONE = MARKERS.values()

WRONG: list[dict[str, Any]] = [
    {"householder": {"name": NAME}},
    {"householder": [NAME, PHONE]},
    {"id_number": int(NUMBER[:15])},
    {"phone": f"{PHONE}\x00"},
    {"householder": NAME * 200},
    {"householder": NAME, "no_such_field": PHONE},
    {"householder": NAME, "category": NUMBER},
    {"householder": NAME, "squat_places": NUMBER},
    {"householder": NAME, "code": f"{PHONE}\x00"},
]


def edit_body(scene: Scene, properties: dict[str, Any]) -> str:
    body = {
        "uid": str(uuid.uuid4()),
        "layer": "toilets",
        "operation": "update",
        "feature_id": scene.inside.toilet,
        "base_version": 1,
        "geometry": place("toilets", *scene.inside.at),
        "properties": properties,
    }
    return json.dumps(body)


@pytest.mark.parametrize("properties", WRONG, ids=lambda each: "-".join(each))
def test_what_is_refused_repeats_no_personal_value(
    scene: Scene, clients: dict[str, Client], properties: dict[str, Any]
) -> None:
    response = clients["steward"].post(
        "/api/edits", edit_body(scene, properties), content_type="application/json"
    )
    assert response.status_code < 500
    only_sent_as_personal = {"householder"} if "householder" in properties else set(properties)
    assert not only_sent_as_personal & set(leaks(response))


def test_a_conflict_over_personal_data_shows_neither_side(
    scene: Scene, clients: dict[str, Client]
) -> None:
    for householder in ("另一户主", f"{NAME}二"):
        response = clients["steward"].post(
            "/api/edits",
            edit_body(scene, {"householder": householder}),
            content_type="application/json",
        )
        assert leaks(response) == []
        assert "另一户主" not in response.content.decode()


def test_looking_takes_the_right_a_reason_and_leaves_a_trace(
    scene: Scene, clients: dict[str, Client]
) -> None:
    address = f"/api/layers/toilets/features/{scene.inside.toilet}/unmask"
    before = Unmasking.objects.count()
    for account, reason in (("planner", "核对"), ("steward", "  ")):
        body = json.dumps({"reason": reason})
        refused = clients[account].post(address, body, content_type="application/json")
        assert refused.status_code in {400, 403}
    assert Unmasking.objects.count() == before
    body = json.dumps({"reason": "核对户主"})
    told = clients["steward"].post(address, body, content_type="application/json")
    assert told.json() == MARKERS
    look = Unmasking.objects.latest("pk")
    assert (look.user.username, look.reason) == ("matrix-steward", "核对户主")
    assert look.division == scene.inside.division or look.division.startswith("433124")


def test_it_is_nowhere_in_the_tables_as_it_was_typed(scene: Scene) -> None:
    models = (*(layer.model for layer in LAYERS.values()), Edit, Submission, PlannedEdit, Unmasking)
    with connection.cursor() as cursor:
        for table in (model._meta.db_table for model in models):
            for marker in MARKERS.values():
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" AS row WHERE row::text LIKE %s',
                    [f"%{marker}%"],
                )
                assert cursor.fetchone() == (0,), (table, marker)


def household(**changes: str) -> dict[str, Any]:
    values = {"类别": "户厕", "厕所类型": "三格式", "户主": NAME, "身份证号": NUMBER, "电话": PHONE}
    return {
        "type": "Feature",
        "properties": values | changes,
        "geometry": {"type": "Point", "coordinates": [109.482, 28.57]},
    }


def test_an_import_reports_no_personal_value_and_its_rejects_are_the_owners_alone(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file of rejected rows is the importer's own rows, to be corrected: nobody else's."""
    source, rejects = tmp_path / "households.geojson", tmp_path / "rejects.csv"
    rows = [household(), household(类别="不知道的类别"), household(所在村="没有的村")]
    source.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    arguments = ["--datum", "cgcs2000", "--user", "scene-steward", "--rejects", str(rejects)]
    with pytest.raises(CommandError) as refusal:
        call_command("import_layer", "toilets", str(source), *arguments)
    said = f"{refusal.value} {''.join(capsys.readouterr())}"
    assert [marker for marker in MARKERS.values() if marker in said] == []
    assert NAME in rejects.read_text()
    assert rejects.stat().st_mode & 0o077 == 0


def test_no_line_of_any_log_has_any_of_it(scene: Scene, log: list[str]) -> None:
    """Of this whole folder's requests: it runs last."""
    logging.getLogger("django.request").warning("the log is kept")
    add_outside(scene)
    assert any("the log is kept" in line for line in log)
    forms = [form for marker in MARKERS.values() for form in (marker, json.dumps(marker)[1:-1])]
    assert [line for line in log if any(form in line for form in forms)] == []
