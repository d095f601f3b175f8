"""Delimited text: what only it has."""

import random
from pathlib import Path

import pytest

from importers.box.reading import opened_in_box
from importers.readers import delimited, ragged, recoding, tail
from importers.readers.delimited import DelimitedReader
from importers.readers.specification import FileProblem
from tests.importers.tables.writing import csv_of, found, text

HEADER = ["名称", "方式", "户数"]


def table(tmp_path, content, name="a.csv", encoding="utf-8"):
    return found(text(tmp_path / name, content, encoding))


@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "|", "，", "、"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    rows = [HEADER, ["十八洞", "城镇", "10"], ["双龙", "农村", "20"]]
    assert table(tmp_path, csv_of(rows, delimiter)).rows == rows[1:]
    quoted = csv_of([HEADER, [f'"十八{delimiter}洞"', "城镇", "10"], rows[2]], delimiter)
    assert table(tmp_path, quoted).rows[0][0] == f"十八{delimiter}洞"


def test_of_two_delimiters_the_one_of_the_header_counts(tmp_path):
    found_in = table(tmp_path, "名称;面积\n甲;1,5\n乙;2,5\n丙;3,5\n")
    assert found_in.rows == [["甲", "1,5"], ["乙", "2,5"], ["丙", "3,5"]]


def test_ids_stay_as_they_are_written(tmp_path):
    row = ["00731", "430102199001011234", "1.23E+11", "1.50", "1e5"]
    found_in = table(tmp_path, csv_of([["a", "b", "c", "d", "e"], row, row]))
    assert found_in.rows == [row, row]
    assert found_in.noted("the spreadsheet has lost digits: c")


def test_quoted_cells_may_hold_breaks_and_quotes(tmp_path):
    content = '名称,备注\r\n"十八,\r\n洞","说""好"""\r\n\'=1+1,x\r\n'
    found_in = table(tmp_path, content)
    assert found_in.rows == [["十八,\r\n洞", '说"好"'], ["=1+1", "x"]]
    assert found_in.numbers == [2, 3]


def test_single_quotes_and_backslashes_are_understood(tmp_path):
    single = "".join(f"'{number}','a,b'\n" for number in range(5))
    assert table(tmp_path, "'名称','备注'\n" + single).rows[0] == ["0", "a,b"]
    assert table(tmp_path, '名称,备注\n甲,"说\\"好\\",乙"\n').rows == [["甲", '说"好",乙']]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_one(tmp_path, ending):
    assert table(tmp_path, ending.join(["a,b", "1,2", "3,4"])).rows == [["1", "2"], ["3", "4"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_every_encoding_is_read(tmp_path, encoding):
    found_in = table(tmp_path, csv_of([HEADER, ["十八洞", "城镇", "1"]]), encoding=encoding)
    assert found_in.names == HEADER
    assert found_in.rows == [["十八洞", "城镇", "1"]]


@pytest.mark.parametrize("first", ["utf-8", "gbk"])
def test_two_encodings_in_one_file_are_both_read(tmp_path, first):
    second = "gbk" if first == "utf-8" else "utf-8"
    lines = [csv_of([HEADER] + [["十八洞", "城镇安置", "1"]] * 20).encode(first)]
    lines.append(csv_of([["石家镇", "农村安置", "2"]] * 2).encode(second))
    path = tmp_path / "a.csv"
    path.write_bytes(b"".join(lines))
    assert found(path).rows[-3:] == [
        ["十八洞", "城镇安置", "1"],
        *[["石家镇", "农村安置", "2"]] * 2,
    ]


def test_text_in_no_encoding_is_told_with_its_column(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("名称,方式\n".encode() + b"\xff\xff\xfe,b\n" + "甲,乙\n".encode())
    found_in = found(path)
    assert found_in.unreadable == ["名称", None]
    assert found_in.rows[1] == ["甲", "乙"]


def test_short_rows_are_filled_and_surplus_cells_are_told(tmp_path):
    rows = [HEADER, ["a", "b", "1"], ["c"], ["d", "e", "2", "f", "", "g"], ["h", "i", "3", "", ""]]
    found_in = table(tmp_path, csv_of(rows))
    assert found_in.rows == [["a", "b", "1"], ["c", None, None], ["d", "e", "2"], ["h", "i", "3"]]
    assert found_in.unreadable == [None, None, "第4列, 第6列", None]
    assert found_in.numbers == [2, 3, 4, 5]
    assert found_in.noted("fewer or more cells")


def test_rows_keep_their_order_and_numbers_across_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(recoding, "CHUNK", 100)
    monkeypatch.setattr(delimited, "LONGEST_ROW", 200)
    generator = random.Random(4)  # noqa: S311
    rows = [["x"] * generator.choice([1, 3, 3, 3, 4]) for _ in range(500)]
    rows = [[f"r{number}", *row[1:]] for number, row in enumerate(rows)]
    found_in = table(tmp_path, csv_of([HEADER, *rows]))
    assert [row[0] for row in found_in.rows] == [f"r{number}" for number in range(500)]
    assert found_in.numbers == list(range(2, 502))


def test_a_number_is_known_for_every_row_that_did_not_fit():
    waiting = ragged.RaggedRows(None, 2, first_number=3)
    waiting._waiting = [(2, "x"), (5, "y")]
    assert waiting._numbers(4).tolist() == [1, 3, 4, 6]


def test_a_long_file_comes_in_batches_and_loses_its_sums_only(tmp_path, monkeypatch):
    rows = [[f"r{number}", "b", "1"] for number in range(45_000)]
    found_in = table(tmp_path, csv_of([HEADER, *rows, ["合计", "", "45000"], [], ["注：无"]]))
    assert len(found_in.rows) == 45_000
    assert found_in.numbers[-1] == 45_001
    assert found_in.noted("Totals and remarks below the table, not read: 2")


def test_sums_over_several_batches_are_left_out():
    import pyarrow as pa

    batches = [
        pa.record_batch({"a": [1, 2]}),
        pa.record_batch({"a": [3]}),
        pa.record_batch({"a": [4]}),
    ]
    for count, left in ((0, [1, 2, 3, 4]), (1, [1, 2, 3]), (3, [1]), (9, [])):
        kept = [
            row["a"] for each in tail.without_last(iter(batches), count) for row in each.to_pylist()
        ]
        assert kept == left


def test_an_endless_row_and_an_open_quotation_mark_are_told(tmp_path):
    for content in ("a,b\n" + "x" * (9 << 20), 'a,b\n"' + "x,y\n" * (3 << 20)):
        with pytest.raises(FileProblem, match="longer than 8 MB"):
            table(tmp_path, content)


def test_three_hundred_columns_are_read_and_more_are_refused(tmp_path):
    many = [f"c{number}" for number in range(300)]
    assert len(table(tmp_path, csv_of([many, many])).names) == 300
    with pytest.raises(FileProblem, match="301 columns"):
        table(tmp_path, csv_of([[*many, "d"], [*many, "d"]]))


@pytest.mark.parametrize("name", ["__geometry__", "__row__", "__unreadable__"])
def test_the_importers_own_names_are_refused(tmp_path, name):
    with pytest.raises(FileProblem, match="importer's own"):
        table(tmp_path, csv_of([["a", name], ["1", "2"]]))


def test_a_null_byte_stays_in_its_cell_to_be_judged_there(tmp_path):
    assert table(tmp_path, "a,b\n1\x00,2\n").rows == [["1\x00", "2"]]


@pytest.mark.parametrize("content", ["", "\r\n\r\n", "  ,  \n,,\n"])
def test_a_table_with_nothing_in_it_is_told(tmp_path, content):
    with pytest.raises(FileProblem, match=r"empty|no cells"):
        table(tmp_path, content)


def test_a_header_alone_is_a_table_without_rows(tmp_path):
    found_in = table(tmp_path, csv_of([HEADER]))
    assert (found_in.names, found_in.rows) == (HEADER, [])


@pytest.mark.parametrize(
    "head",
    [
        b'{"type": "Feature"}',
        b"<?xml version='1.0'?>\n<kml>a,b\n</kml>",
        b"%PDF-1.4\n1,2\n3,4\n",
        b"\x89PNG\r\n\x1a\n,\x00\x00,",
        "一段话，没有表格。\n又一段话。\n".encode(),
        b"word\nword\n",
    ],
)
def test_what_is_no_table_is_not_taken_for_one(head):
    assert not DelimitedReader().detect(head, Path("a.bin"))


def test_it_is_read_in_the_box_like_every_format(tmp_path):
    path = text(tmp_path / "a.csv", csv_of([HEADER, ["十八洞", "城镇", "1"]]), "gbk")
    with opened_in_box(path) as boxed:
        [row] = [row for batch in boxed.batches for row in batch.to_pylist()]
    assert (row["名称"], row["__row__"], row["__geometry__"]) == ("十八洞", 2, None)
