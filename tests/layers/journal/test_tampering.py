"""Whoever changes the journal or the rows behind the guards is found out, and where."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from layers.journal.head import Head, current_head
from layers.models import ChainLink, Edit, Load, Unmasking, User
from layers.models.feature import Feature
from tests.layers.journal.conftest import exported, findings, superuser, verify_export

pytestmark = pytest.mark.django_db

Scene = dict[str, Feature]


def last_edit(feature: Feature) -> Edit:
    return Edit.objects.filter(feature_id=feature.pk).order_by("-version")[0]


def link_of(edit: Edit) -> ChainLink:
    return ChainLink.objects.get(kind="edit", entry_id=edit.pk)


def tamper(statement: str, *values: Any) -> None:
    with superuser() as cursor:
        cursor.execute(statement, values)


def relink_from(position: int) -> None:
    """What a careful forger does: make the links from a position on follow again."""
    with superuser() as cursor:
        cursor.execute(
            """
            WITH again AS (
                SELECT position, layers_chain_hash(digest, before.hash)
                           OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) AS hash
                FROM layers_chain,
                     (SELECT coalesce((SELECT hash FROM layers_chain WHERE position = %s),
                                      decode(repeat('00', 32), 'hex')) AS hash) AS before
                WHERE position >= %s
            )
            UPDATE layers_chain SET hash = again.hash FROM again
            WHERE layers_chain.position = again.position
            """,
            [position - 1, position],
        )


def test_an_untouched_journal_is_sound(scene: Scene, tmp_path: Path) -> None:
    assert findings(full=True, anchors=(current_head(),)) == []
    done = verify_export(exported(tmp_path))
    assert (done.returncode, done.stdout.strip()) == (0, str(current_head())), done.stderr


def test_a_changed_value_is_named(scene: Scene, tmp_path: Path) -> None:
    edit = last_edit(scene["edited"])
    before = exported(tmp_path, "before.jsonl")
    tamper('UPDATE layers_edit SET new = \'{"keeper": "丁"}\' WHERE id = %s', edit.pk)
    found = findings()
    link = link_of(edit).position
    assert f"entries: edit {edit.pk}: was changed since link {link} was made of it" in found
    assert any(f"toilets/{scene['edited'].pk}: differs" in each for each in found)
    done = verify_export(exported(tmp_path), before)
    assert done.returncode == 1
    assert f"link {link} (edit {edit.pk}): the payload does not have its digest" in done.stderr
    assert f"link {link}: is not what" in done.stderr


@pytest.mark.parametrize("column", ["author_id", "received_at", "reason", "outcome"])
def test_who_when_and_why_cannot_be_changed_either(scene: Scene, column: str) -> None:
    edit = last_edit(scene["edited"])
    if column == "reason":
        tamper("UPDATE layers_changeset SET reason = 'x' WHERE id = %s", edit.changeset_id)
    elif column == "received_at":
        tamper("UPDATE layers_edit SET received_at = now() WHERE id = %s", edit.pk)
    elif column == "outcome":
        tamper("UPDATE layers_edit SET outcome = 'merged' WHERE id = %s", edit.pk)
    else:
        tamper("UPDATE layers_edit SET author_id = author_id + 1 WHERE id = %s", edit.pk)
    assert len(findings()) == 1


def test_a_dropped_entry_is_named(scene: Scene, tmp_path: Path) -> None:
    edit = Edit.objects.get(feature_id=scene["edited"].pk, layer="toilets", version=2)
    tamper("DELETE FROM layers_edit WHERE id = %s", edit.pk)
    found = findings()
    position = link_of(edit).position
    assert f"entries: edit {edit.pk}: is gone; link {position} was made of it" in found
    assert any(each.startswith("versions: toilets/") for each in found)
    done = verify_export(exported(tmp_path))
    assert f"link {position} (edit {edit.pk}): the entry it was made of is gone" in done.stderr


def test_an_entry_dropped_with_its_link_leaves_a_gap(scene: Scene, tmp_path: Path) -> None:
    edit = Edit.objects.get(feature_id=scene["edited"].pk, layer="toilets", version=2)
    position = link_of(edit).position
    tamper("DELETE FROM layers_chain WHERE position = %s", position)
    tamper("DELETE FROM layers_edit WHERE id = %s", edit.pk)
    found = findings()
    assert f"chain: link {position + 1}: link {position} is missing before it" in found
    done = verify_export(exported(tmp_path))
    assert f"link {position + 1} (" in done.stderr
    assert "follows link" in done.stderr


def test_a_dropped_tail_shows_against_the_head_that_was_written_down(
    scene: Scene, tmp_path: Path
) -> None:
    """The row and all are put back as they were: nothing but the anchor can know."""
    head, before = current_head(), exported(tmp_path, "before.jsonl")
    edit = last_edit(scene["dropped"])
    tamper("DELETE FROM layers_chain WHERE position = %s", head.position)
    tamper("DELETE FROM layers_edit WHERE id = %s", edit.pk)
    with superuser() as cursor:
        names = ", ".join(edit.old)
        cursor.execute(
            f"INSERT INTO layers_toilet (id, version, changeset_id, {names}) "
            f"SELECT %s, 1, 1, {names} FROM jsonb_populate_record(NULL::layers_toilet, %s::jsonb)",
            [edit.feature_id, json.dumps(edit.old)],
        )
    assert findings() == []
    (found,) = findings(anchors=(head,))
    assert found.startswith(f"anchor: link {head.position}: the chain ends at")
    after = exported(tmp_path)
    assert verify_export(after).returncode == 0
    done = verify_export(after, before, "--anchor", str(head))
    assert done.returncode == 1
    assert "before it" in done.stderr
    assert "ends before line" in done.stderr


def test_a_forged_chain_shows_against_the_head_that_was_written_down(
    scene: Scene, tmp_path: Path
) -> None:
    """The forger changes an entry, its digest, all hashes after it, and the row."""
    head, before = current_head(), exported(tmp_path, "before.jsonl")
    edit = last_edit(scene["edited"])
    tamper('UPDATE layers_edit SET new = \'{"keeper": "丁"}\' WHERE id = %s', edit.pk)
    tamper("UPDATE layers_toilet SET keeper = '丁' WHERE id = %s", edit.feature_id)
    tamper(
        "UPDATE layers_chain SET digest = (SELECT sha256(convert_to(payload, 'UTF8'))"
        " FROM layers_payload_edit(%s, %s)) WHERE kind = 'edit' AND entry_id = %s",
        edit.pk, edit.pk, edit.pk,
    )  # fmt: skip
    relink_from(link_of(edit).position)
    assert findings() == []
    assert findings(anchors=(head,)) == [
        f"anchor: link {head.position}: is not the link that was written down: "
        "something up to here was changed"
    ]
    after = exported(tmp_path)
    assert verify_export(after).returncode == 0
    assert verify_export(after, "--anchor", str(head)).returncode == 1
    assert verify_export(after, before).returncode == 1


def test_two_swapped_links_are_named(scene: Scene, tmp_path: Path) -> None:
    for old, new in ((2, 0), (3, 2), (0, 3)):
        tamper("UPDATE layers_chain SET position = %s WHERE position = %s", new, old)
    found = findings()
    assert "chain: link 2: does not follow from the link before it" in found
    assert "chain: link 3: does not follow from the link before it" in found
    done = verify_export(exported(tmp_path))
    assert "link 2 (" in done.stderr
    assert "does not follow" in done.stderr


def test_an_inserted_entry_is_named(scene: Scene, tmp_path: Path) -> None:
    with superuser() as cursor:
        cursor.execute(
            "INSERT INTO layers_edit (uid, changeset_id, layer, feature_id, operation, outcome,"
            " version, old, new, author_id, captured_at, received_at)"
            " SELECT gen_random_uuid(), changeset_id, layer, feature_id, operation, outcome,"
            " version + 1, new, new, author_id, captured_at, received_at"
            " FROM layers_edit WHERE id = %s RETURNING id",
            [last_edit(scene["edited"]).pk],
        )
        forged = cursor.fetchone()[0]
    found = findings()
    assert f"entries: edit {forged}: has no link: it was not written by the service" in found
    assert any("has version 3; its last entry is of version 4" in each for each in found)


def test_an_entry_inserted_into_an_export_is_named(scene: Scene, tmp_path: Path) -> None:
    path = exported(tmp_path)
    header, *links = path.read_text(encoding="utf-8").splitlines()
    again = json.loads(links[0]) | {"position": len(links) + 1}
    path.write_text("\n".join([header, *links, json.dumps(again)]), encoding="utf-8")
    done = verify_export(path)
    assert "does not follow from the link before it" in done.stderr
    assert "is linked a second time" in done.stderr


def test_a_row_changed_behind_the_guard_is_named(scene: Scene) -> None:
    edited = scene["edited"]
    tamper("UPDATE layers_toilet SET keeper = '丁', name = 'x' WHERE id = %s", edited.pk)
    assert findings() == [f"rows: toilets/{edited.pk}: differs from its entries in name, keeper"]


def test_a_moved_row_is_named(scene: Scene) -> None:
    edited = scene["edited"]
    tamper("UPDATE layers_toilet SET geom = ST_Translate(geom, 1e-9, 0) WHERE id = %s", edited.pk)
    assert findings() == [f"rows: toilets/{edited.pk}: differs from its entries in geom"]


def test_a_removed_row_and_one_that_came_back_are_named(scene: Scene) -> None:
    edited, deleted = scene["edited"], scene["deleted"]
    tamper("DELETE FROM layers_toilet WHERE id = %s", edited.pk)
    tamper(
        "INSERT INTO layers_toilet (id, code, division, changeset_id, version)"
        " VALUES (%s, 'BACK', '433124000000', 1, 2)",
        deleted.pk,
    )
    assert findings() == [
        f"rows: toilets/{edited.pk}: is not there; its last entry, of version 3, leaves it",
        f"rows: toilets/{deleted.pk}: is there; its last entry, of version 2, removed it",
    ]


def test_a_row_from_nowhere_is_named(scene: Scene) -> None:
    with superuser() as cursor:
        cursor.execute(
            "INSERT INTO layers_toilet (code, division, changeset_id)"
            " VALUES ('NOWHERE', '433124000000', 1) RETURNING id"
        )
        row = cursor.fetchone()[0]
    assert findings() == [f"rows: toilets/{row}: version 1 came from no entry and no load"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE layers_toilet SET village_group = '三组' WHERE id = %s",
        "UPDATE layers_toilet SET accuracy_m = 12.500000000000002 WHERE id = %s",
        "UPDATE layers_toilet SET personal = '\\x00fe' WHERE id = %s",
        "DELETE FROM layers_toilet WHERE id = %s",
    ],
)
def test_a_loaded_row_that_was_changed_is_found_by_the_load(scene: Scene, statement: str) -> None:
    tamper(statement, scene["untouched"].pk)
    load = Load.objects.get()
    assert findings() == [
        f"loads: load of toilets in changeset {load.changeset_id}: rows with ids "
        f"{load.first_feature} to {load.last_feature} are not those that were loaded"
    ]


def test_a_field_of_a_loaded_row_that_no_edit_named_is_the_loads(scene: Scene) -> None:
    tamper("UPDATE layers_toilet SET name = 'x' WHERE id = %s", scene["changed"].pk)
    (found,) = findings()
    assert found.startswith("loads:")


def test_a_digest_made_to_fit_changed_rows_breaks_the_chain(scene: Scene) -> None:
    load = Load.objects.get()
    tamper("UPDATE layers_changeset SET digest = repeat('0', 64) WHERE id = %s", load.changeset_id)
    found = findings()
    assert any(each.startswith(f"entries: load {load.pk}: was changed") for each in found)
    assert any("blocks do not have its digest" in each for each in found)


def test_old_values_that_were_never_there_are_found_in_full(scene: Scene) -> None:
    edit = last_edit(scene["edited"])
    tamper('UPDATE layers_edit SET old = \'{"keeper": "丁"}\' WHERE id = %s', edit.pk)
    found = findings(full=True)
    wanted = f"values: toilets/{edit.feature_id}: the old values of version 3 are not those"
    assert any(each.startswith(wanted) for each in found)


def test_a_changed_unmasking_is_named(scene: Scene, make_feature: Callable[..., Any]) -> None:
    looked = Unmasking.objects.create(
        user=User.objects.all()[0], layer="toilets", feature_id=1, reason="抽查"
    )
    connection.check_constraints()
    assert findings() == []
    tamper("UPDATE layers_unmasking SET reason = '' WHERE id = %s", looked.pk)
    (found,) = findings()
    assert found.startswith(f"entries: unmasking {looked.pk}: was changed")


def test_a_guard_that_is_off_or_gone_is_named(scene: Scene) -> None:
    with superuser() as cursor:
        cursor.execute("ALTER TABLE layers_toilet DISABLE TRIGGER writer_only")
        cursor.execute("DROP TRIGGER linked ON layers_edit")
    assert findings() == [
        "guards: layers_edit: its guard linked is missing",
        "guards: layers_toilet: its guard writer_only is switched off",
    ]


def test_an_anchor_is_a_position_and_a_hash() -> None:
    text = f"7:{'ab' * 32}"
    assert str(Head.parse(text)) == text
    for wrong in ("", "7", "7:ab", f"x:{'ab' * 32}", f"7:{'zz' * 32}"):
        with pytest.raises(ValueError, match="POSITION:HASH"):
            Head.parse(wrong)
