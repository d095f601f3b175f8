"""What may leave, how it streams, and what is left behind when it does not work out."""

import csv
import io
import threading
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pyarrow as pa
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone
from psycopg2.errors import DivisionByZero

from importers.exporting import ExportCancelled, Wish, export_layer
from importers.exporting.columns import sources_of
from importers.exporting.copying import copied
from importers.exporting.rows import DEMONSTRATION, OWN_TYPES
from importers.writers.catalogue import FORMATS, format_of
from importers.writers.guarding import guarded
from importers.writers.naming import cut_names
from importers.writers.specification import Column, WriteProblem
from layers.codes import every_label
from layers.errors import BadRequest, Forbidden, LoginRequired, NotFound, Rejected
from layers.models import Unmasking, User
from layers.registry import LAYERS
from tests.conftest import FENGHUANG, HUAYUAN, XIANGXI
from tests.importers.exporting.conftest import OUTSIDE, PERSONAL

TOILETS = LAYERS["toilets"]


def wish(**more):
    return Wish(layer=TOILETS, format=FORMATS["csv"], **more)


def text_of(path):
    return path.read_bytes().decode("utf-8-sig")


# Who, and where.


def test_a_division_narrows_and_never_widens(toilets, exported, account):
    prefecture = account("viewer", XIANGXI)
    assert OUTSIDE in text_of(exported("toilets", "csv", actor=prefecture))
    narrowed = text_of(exported("toilets", "csv", actor=prefecture, division=HUAYUAN))
    assert OUTSIDE not in narrowed
    own = text_of(exported("toilets", "csv", division=XIANGXI))
    assert OUTSIDE not in own
    with pytest.raises(Forbidden):
        exported("toilets", "csv", division=FENGHUANG)
    with pytest.raises(NotFound):
        exported("toilets", "csv", division="999999999999")


def test_without_a_grant_nothing_leaves(toilets, exported, account):
    with pytest.raises(Forbidden):
        exported("toilets", "csv", actor=account())
    inactive = account("viewer", HUAYUAN)
    inactive.is_active = False
    with pytest.raises(Forbidden):
        exported("toilets", "csv", actor=inactive)
    with pytest.raises(LoginRequired):
        exported("toilets", "csv", actor=AnonymousUser())


# Personal data.


def test_personal_data_leave_with_a_look_for_each_record(toilets, exported, account):
    keeper = account("steward", HUAYUAN)
    path, report = exported.reported(
        "toilets", "csv", actor=keeper, personal=True, reason="年度核查"
    )
    rows = list(csv.DictReader(io.StringIO(text_of(path))))
    assert [row["身份证号"] for row in rows] == [PERSONAL["id_number"], "", ""]
    assert rows[0]["户主"] == PERSONAL["householder"]
    looks = Unmasking.objects.filter(user=keeper).order_by("feature_id")
    assert report.unmasked == 3
    assert [(each.layer, each.feature_id, each.division) for each in looks] == [
        ("toilets", row.pk, row.division_id) for row in toilets[:3]
    ]
    assert {each.reason for each in looks} == {"导出：年度核查"}


@pytest.mark.django_db(transaction=True)
def test_the_looks_are_links_of_the_chain(toilets, exported, account):
    exported("toilets", "csv", actor=account("steward", HUAYUAN), personal=True, reason="核查")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM layers_chain WHERE kind = 'unmasking'")
        assert cursor.fetchone() == (3,)


def test_without_the_right_everywhere_in_the_place_no_personal_data(toilets, exported, account):
    mixed = account("viewer", XIANGXI)
    mixed.grants.create(role="steward", division_id=HUAYUAN)
    with pytest.raises(Forbidden):
        exported("toilets", "csv", actor=mixed, personal=True, reason="核查")
    path = exported("toilets", "csv", actor=mixed, personal=True, reason="核查", division=HUAYUAN)
    assert PERSONAL["phone"] in text_of(path)
    assert Unmasking.objects.count() == 3


def test_a_reason_is_needed_and_few_records(toilets, exported, account, monkeypatch):
    keeper = account("steward", HUAYUAN)
    with pytest.raises(BadRequest):
        exported("toilets", "csv", actor=keeper, personal=True, reason=" ")
    monkeypatch.setattr("importers.exporting.journal.MOST_RECORDS", 2)
    with pytest.raises(Rejected, match="3"):
        exported("toilets", "csv", actor=keeper, personal=True, reason="核查")
    with pytest.raises(Rejected):
        exported("toilets", "csv", fields=["name", "phone"])


def test_an_export_that_fails_leaves_neither_file_nor_look(toilets, account, tmp_path):
    keeper = account("steward", HUAYUAN)

    def broken(_report):
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        export_layer(
            actor=keeper,
            wish=wish(personal=True, reason="核查"),
            target=tmp_path / "a.csv",
            progress=broken,
        )
    assert list(tmp_path.iterdir()) == []
    assert not Unmasking.objects.exists()


# Fields, moments, targets.


def test_chosen_fields_and_the_two_that_are_always_there(toilets, exported):
    path = exported("toilets", "csv", fields=["name"])
    header = next(csv.reader(io.StringIO(text_of(path))))
    assert header == ["厕所编号", "名称", "所属区划", "区划全称", "经度", "纬度", "坐标基准"]


def test_a_past_moment_shows_what_was_there_then(toilets, edit, exported):
    edit("toilets", "update", toilets[0], name="改名之后")
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(received_at) FROM layers_edit")
        last = cursor.fetchone()[0]
    before = exported("toilets", "csv", at=last - timedelta(microseconds=1))
    assert "一号厕所" in text_of(before)
    assert "改名之后" in text_of(exported("toilets", "csv", at=timezone.now()))


def test_a_file_that_is_there_is_not_overwritten(toilets, reader, tmp_path):
    target = tmp_path / "a.csv"
    target.write_text("mine")
    with pytest.raises(Rejected):
        export_layer(actor=reader, wish=wish(), target=target)
    assert target.read_text() == "mine"


@pytest.mark.parametrize("name", FORMATS)
def test_the_name_of_the_target_is_its_owners_affair(toilets, reader, tmp_path, name):
    target = tmp_path / "没有扩展名"
    report = export_layer(
        actor=reader, wish=Wish(layer=TOILETS, format=FORMATS[name]), target=target
    )
    assert target.is_file()
    assert target.stat().st_size == report.size > 0


# No cell starts a formula.

STARTS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "＝1", " =1", "\u3000@x", "\r=1"]


@pytest.mark.parametrize("text", STARTS)
def test_a_formula_gets_an_apostrophe(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-3.5", "+86", "三组", "a=b", "'tis", ""])
def test_what_is_no_formula_stays(text):
    assert guarded(text) == text


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_no_cell_of_a_table_starts_a_formula(make_feature, exported, name):
    for text in STARTS[:6]:
        make_feature("toilets", name=text.strip("\t") or "x", keeper=text.strip("\t"))
    path = exported("toilets", name)
    if name == "csv":
        cells = [cell for row in csv.reader(io.StringIO(text_of(path))) for cell in row]
    else:
        [sheet] = openpyxl.load_workbook(path).worksheets
        found = [cell for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in found} <= {"s", "n", "d", "inlineStr"}
        cells = [cell.value for cell in found if isinstance(cell.value, str)]
    risky = [cell for cell in cells if cell.lstrip(" \u3000")[:1] in tuple("=+-@＝＋－＠\t\r")]
    assert [cell for cell in risky if cell] == []


# Streaming.


def test_rows_are_made_while_they_are_written(toilets, reader, tmp_path, monkeypatch):
    """The first row is in the file's hands before the second is made."""
    monkeypatch.setattr("importers.exporting.copying.BATCH_ROWS", 1)
    seen = []
    export_layer(
        actor=reader,
        wish=wish(),
        target=tmp_path / "a.csv",
        progress=lambda report: seen.append(report.rows),
    )
    assert seen == [1, 2, 3, 3]


def test_copy_does_not_run_ahead_of_who_reads(db):
    """Ten million rows, of which a few are read: the rest is never made, nor waited for."""
    rows = copied(
        "SELECT n, repeat('甲', 90) AS t FROM generate_series(1, 10000000) AS s (n)",
        {"n": pa.int64(), "t": pa.string()},
    )
    first = next(rows)
    assert first.column("n")[0].as_py() == 1
    assert first.num_rows <= 20_000
    rows.close()
    assert not [each for each in threading.enumerate() if each.name == "export-copy"]


def _use_connection():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_a_writer_that_fails_frees_the_connection_first(reader, tmp_path, monkeypatch):
    """Else the transaction would end while COPY has the connection, and wait for ever."""

    class Failing:
        def write(self, rows, target):
            next(rows.batches)
            raise WriteProblem("no room")

    texts = dict.fromkeys("012", pa.string())
    values = {DEMONSTRATION: "false", "0": "n"}
    named = ", ".join(f'{values.get(name, "NULL")} AS "{name}"' for name in [*texts, *OWN_TYPES])
    select = f"SELECT {named} FROM generate_series(1, 10000000) AS s (n)"
    monkeypatch.setattr(
        "importers.exporting.service.read_rows",
        lambda *_asked: copied(select, {**texts, **OWN_TYPES}),
    )
    csv_format = replace(FORMATS["csv"], writer=Failing())
    with pytest.raises(Rejected, match="no room"):
        export_layer(
            actor=reader,
            wish=Wish(layer=TOILETS, format=csv_format, fields=["code"]),
            target=tmp_path / "a.csv",
        )
    _use_connection()


def test_batches_are_whole_and_not_what_the_pipe_holds_just_then(db):
    """Arrow would make a batch of each short read, and each batch has its price."""
    rows = copied(
        "SELECT n, repeat('甲', 90) AS t FROM generate_series(1, 20000) AS s (n)",
        {"n": pa.int64(), "t": pa.string()},
    )
    assert [batch.num_rows for batch in rows] == [20_000]


def test_an_error_of_the_database_is_raised_where_the_rows_are_read(db):
    with pytest.raises(DivisionByZero), transaction.atomic():
        list(
            copied("SELECT 1 / (3 - n) AS n FROM generate_series(1, 5) AS s (n)", {"n": pa.int64()})
        )
    _use_connection()


@pytest.mark.parametrize("name", ["csv", "gpkg", "shapefile"])
def test_a_cancelled_export_stops_and_leaves_nothing(toilets, reader, tmp_path, monkeypatch, name):
    monkeypatch.setattr("importers.exporting.copying.BATCH_ROWS", 1)
    seen = []
    with pytest.raises(ExportCancelled):
        export_layer(
            actor=reader,
            wish=Wish(layer=TOILETS, format=FORMATS[name]),
            target=tmp_path / "a",
            progress=lambda report: seen.append(report.rows),
            cancelled=lambda: bool(seen),
        )
    assert list(tmp_path.iterdir()) == []
    assert User.objects.filter(pk=reader.pk).exists()


# Names.


def columns(*labels):
    return [Column(f"c{at}", label, label, pa.string()) for at, label in enumerate(labels)]


def test_names_are_cut_between_characters_and_told_apart():
    labels = columns("起点桩号", "起点桩名称一", "起点桩名称二", "Length", "length")
    assert cut_names(labels, most=10, encoding="UTF-8") == [
        "起点桩", "起点_2", "起点_3", "Length", "length_2",
    ]  # fmt: skip
    assert cut_names(labels[:3], most=10, encoding="GBK") == [
        "起点桩号",
        "起点桩名称",
        "起点桩名_2",
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("layer", LAYERS.values(), ids=list(LAYERS))
def test_headers_are_told_apart_in_every_layer(db, layer, language):
    asked = Wish(
        layer=layer, format=FORMATS["gpkg"], language=language, personal=True, provenance=True
    )
    lists = every_label({each.codes for each in layer.fields if each.codes})
    headers = [each.column.header for each in sources_of(asked, lists, {})]
    assert len({each.lower() for each in headers}) == len(headers)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a.gdb.zip", "gdb"),
        ("a.zip", "shapefile"),
        ("a.gbk.zip", "shapefile-gbk"),
        ("路.GPKG", "gpkg"),
        ("a.ndjson", "geojson-lines"),
    ],
)
def test_the_format_follows_from_the_extension(file, name):
    assert format_of(file).name == name


def test_an_extension_of_nothing_is_refused():
    with pytest.raises(Rejected, match=r"a\.docx"):
        format_of("a.docx")


# Commands.


def test_the_command_writes_a_file_and_says_how_many(toilets, reader, tmp_path, capsys):
    target = tmp_path / "toilets.gpkg"
    call_command("export_layer", "toilets", target, "--user", reader.username)
    assert "3" in capsys.readouterr().out
    assert target.exists()
    with pytest.raises(CommandError):
        call_command("export_layer", "toilets", target, "--user", reader.username)
    with pytest.raises(CommandError):
        call_command(
            "export_layer", "toilets", tmp_path / "b.csv", "--user", reader.username, "--at", "昨天"
        )


def test_the_template_command_writes_a_workbook(db, tmp_path):
    target = tmp_path / "a.xlsx"
    call_command("import_template", "roads", target, verbosity=0)
    assert target.read_bytes()[:2] == b"PK"
    with pytest.raises(CommandError):
        call_command("import_template", "roads", target)
