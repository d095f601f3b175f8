"""Workbooks: what only they have."""

import datetime
import zipfile

import openpyxl
import pytest
import xlwt

from importers.readers import grid
from importers.readers.specification import FileProblem, SeveralTables
from tests.importers.tables.writing import found, old_workbook, workbook

HEADER = ["名称", "乡镇", "户数"]
DAY = datetime.date(2020, 5, 1)
MERGED_HEADER = [
    ["台账"],
    ["名称", "规模", None, "坐标", None],
    [None, "户数", "人数", "经度", "纬度"],
    ["十八洞", 10, 42, 109.48, 28.57],
]


def saved(path, *sheets):
    """Sheets as (name, state, rows)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, state, rows in sheets:
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_merged_cells_of_the_header_are_joined(tmp_path):
    merged = ("A1:E1", "A2:A3", "B2:C2", "D2:E2")
    table = found(workbook(tmp_path / "a.xlsx", MERGED_HEADER, merged=merged))
    assert table.names == ["名称", "规模 户数", "规模 人数", "坐标 经度", "坐标 纬度"]
    assert table.rows == [["十八洞", 10, 42, 109.48, 28.57]]
    assert table.numbers == [4]


def test_merged_headings_over_all_columns_are_joined(tmp_path):
    rows = [["基本情况", None, None, "位置", None], ["名称", "户数", "人数", "经度", "纬度"]]
    rows.append(["十八洞", 10, 42, 109.48, 28.57])
    table = found(workbook(tmp_path / "a.xlsx", rows, merged=("A1:C1", "D1:E1")))
    assert table.names == [
        "基本情况 名称",
        "基本情况 户数",
        "基本情况 人数",
        "位置 经度",
        "位置 纬度",
    ]


def test_a_title_beside_a_date_is_no_heading_of_columns(tmp_path):
    rows = [
        ["花垣县2022年台账"],
        ["填报单位：花垣县", None, "日期：2022-05-01"],
        HEADER,
        ["a", "b", 1],
    ]
    table = found(workbook(tmp_path / "a.xlsx", rows, merged=("A1:C1", "A2:B2")))
    assert (table.names, table.numbers) == (HEADER, [4])


def test_cells_merged_downwards_are_filled(tmp_path):
    rows = [HEADER, ["a", "双龙镇", 1], ["b", None, 2], ["c", None, 3], ["d", None, 4]]
    table = found(workbook(tmp_path / "a.xlsx", rows, merged=("B2:B4",)))
    assert [row[1] for row in table.rows] == ["双龙镇"] * 3 + [None]
    assert table.noted("Blank cells filled from the merged cell above: 2")


def test_values_keep_their_kinds(tmp_path):
    moment = datetime.datetime(2020, 5, 1, 8, 30)  # noqa: DTZ001
    rows = [
        ["编号", "数", "长度", "日期", "时刻", "是否", "混", "日期与文字", "百分比"],
        ["0731", 7, 1.5, DAY, moment, True, 1, DAY, 0.35],
        ["0732", None, 2, DAY, DAY, False, "2-1", "不详", 1],
    ]
    table = found(workbook(tmp_path / "a.xlsx", rows))
    midnight = datetime.datetime(2020, 5, 1)  # noqa: DTZ001
    assert table.rows == [
        ["0731", 7, 1.5, DAY, moment, True, "1", "2020-05-01", 0.35],
        ["0732", None, 2.0, DAY, midnight, False, "2-1", "不详", 1.0],
    ]
    types = [column.type for column in table.description.columns]
    assert types[:6] == ["string", "int64", "double", "date32[day]", "timestamp[us]", "bool"]


def test_an_old_workbook_has_the_same(tmp_path):
    rows = [["名称", "数", "日期"], ["十八洞", 7, DAY], ["双龙", None, DAY]]
    table = found(old_workbook(tmp_path / "a.xls", rows))
    assert table.rows == [["十八洞", 7, DAY], ["双龙", None, DAY]]


def test_an_old_workbook_has_merged_cells_too(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write_merge(0, 0, 0, 2, "台账")
    for column, name in enumerate(HEADER):
        sheet.write(1, column, name)
    sheet.write_merge(2, 3, 1, 1, "双龙镇")
    for row in (2, 3):
        sheet.write(row, 0, f"点{row}")
        sheet.write(row, 2, row)
    book.save(str(tmp_path / "a.xls"))
    table = found(tmp_path / "a.xls")
    assert table.rows == [["点2", "双龙镇", 2], ["点3", "双龙镇", 3]]


def test_a_number_whose_end_is_lost_is_told(tmp_path):
    rows = [["身份证号", "数"], [4.3010219900101e17, 1], [4.3010219900102e17, 2]]
    table = found(workbook(tmp_path / "a.xlsx", rows))
    assert table.noted("whose end the spreadsheet has lost: 身份证号")


def test_errors_and_formulas_without_result_are_blank_and_told(tmp_path):
    rows = [HEADER, ["a", "#REF!", 1], ["b", "=A2", 2], ["c", "#N/A", 3]]
    table = found(workbook(tmp_path / "a.xlsx", rows))
    assert [row[1] for row in table.rows] == [None, None, None]
    assert table.noted("Cells with an error such as #REF!, read as blank: 2")
    assert table.noted("Formulas saved without their result, read as blank: 1")


def test_a_formula_is_read_by_its_saved_result(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [HEADER, ["a", "b", "=1+1"]])
    with zipfile.ZipFile(path) as parts:
        members = {name: parts.read(name) for name in parts.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    for blank in (b"<v />", b"<v/>", b"<v></v>"):
        members[sheet] = members[sheet].replace(b"</f>" + blank, b"</f><v>2</v>")
    with zipfile.ZipFile(path, "w") as parts:
        for name, content in members.items():
            parts.writestr(name, content)
    table = found(path)
    assert table.rows == [["a", "b", 2]]
    assert table.notes == []


def test_the_only_sheet_with_cells_is_read_and_hidden_ones_are_told(tmp_path):
    path = saved(
        tmp_path / "a.xlsx",
        ("封面", "visible", []),
        ("台账", "visible", [HEADER, ["a", "b", 1]]),
        ("代码", "hidden", [["x"]]),
        ("内部", "veryHidden", [["y"]]),
    )
    table = found(path)
    assert table.rows == [["a", "b", 1]]
    assert (table.description.table, table.description.tables) == ("台账", ("台账",))
    assert table.noted("Hidden sheets, not read: 代码, 内部")


def test_several_sheets_ask_which_one(tmp_path):
    rows = [HEADER, ["a", "b", 1]]
    path = saved(tmp_path / "a.xlsx", ("一", "visible", rows), ("二", "visible", [HEADER]))
    with pytest.raises(SeveralTables) as raised:
        found(path)
    assert raised.value.tables == ("一", "二")
    assert found(path, "一").rows == [["a", "b", 1]]
    assert found(path, "一").description.tables == ("一", "二")
    with pytest.raises(SeveralTables):
        found(path, "三")


def test_a_hidden_sheet_is_read_when_it_is_asked_for(tmp_path):
    path = saved(
        tmp_path / "a.xlsx", ("一", "visible", [["x"]]), ("码", "hidden", [HEADER, ["a", "b", 1]])
    )
    assert found(path, "码").rows == [["a", "b", 1]]


def test_a_table_away_from_the_corner_is_found(tmp_path):
    rows = [[], [], [None, None, *HEADER], [None, None, "a", "b", 1, "无名"]]
    table = found(workbook(tmp_path / "a.xlsx", rows))
    assert table.names == [*HEADER, "第6列"]
    assert table.rows == [["a", "b", 1, "无名"]]
    assert table.numbers == [4]


def test_a_header_that_every_page_repeats_is_read_once(tmp_path):
    rows = [HEADER, ["a", "b", 1], HEADER, ["c", "d", 2]]
    table = found(workbook(tmp_path / "a.xlsx", rows))
    assert table.rows == [["a", "b", 1], ["c", "d", 2]]
    assert table.description.columns[2].type == "int64"
    assert table.noted("Rows that repeat the header, not read: 1")


def test_a_long_sheet_comes_in_batches_of_one_type(tmp_path, monkeypatch):
    monkeypatch.setattr(grid, "BATCH_ROWS", 10)
    rows = [["a", "b"], *([number, number] for number in range(25)), [0.5, "x"]]
    table = found(workbook(tmp_path / "a.xlsx", rows))
    assert [row[0] for row in table.rows] == [*map(float, range(25)), 0.5]
    assert table.rows[0][1] == "0"


def test_text_with_an_apostrophe_before_a_formula_is_what_it_was(tmp_path):
    table = found(workbook(tmp_path / "a.xlsx", [["'=名", "b"], ["'=1+1", "'t"], ["\t x ", "  "]]))
    assert table.names == ["=名", "b"]
    assert table.rows == [["=1+1", "'t"], ["\t x ", None]]


def test_a_workbook_with_nothing_in_it_is_told(tmp_path):
    with pytest.raises(FileProblem, match="no cells"):
        found(workbook(tmp_path / "a.xlsx", []))


def test_a_workbook_under_a_password_is_refused_by_name(tmp_path):
    """[MS-OFFCRYPTO]: an .xlsx under a password is a compound file with an EncryptedPackage; an
    .xls has a FILEPASS record (0x2F) behind its first one."""
    path = old_workbook(tmp_path / "a.xlsx", [HEADER])
    plain = path.read_bytes()
    old_name, new_name = ("Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le"))
    at = plain.index(old_name)
    entry = new_name.ljust(64, b"\0") + (len(new_name) + 2).to_bytes(2, "little")
    path.write_bytes(plain[:at] + entry + plain[at + 66 :])
    with pytest.raises(FileProblem, match="password"):
        found(path)
    first = plain.index(b"\x09\x08\x10\x00") + 20
    path.write_bytes(plain[:first] + b"\x2f\x00" + plain[first + 2 :])
    assert path.suffix == ".xlsx"
    with pytest.raises(FileProblem, match="password"):
        found(path)


def test_a_damaged_workbook_is_told(tmp_path):
    good = workbook(tmp_path / "a.xlsx", [HEADER, ["a", "b", 1]])
    damaged = bytearray(good.read_bytes())
    with zipfile.ZipFile(good) as parts:
        at = parts.getinfo("xl/worksheets/sheet1.xml").header_offset
    damaged[at + 80 : at + 120] = b"\0" * 40
    good.write_bytes(damaged)
    with pytest.raises(FileProblem, match="cannot be read"):
        found(good)
    old = old_workbook(tmp_path / "a.xls", [HEADER])
    old.write_bytes(old.read_bytes()[:600])
    with pytest.raises(FileProblem, match="cannot be read"):
        found(old)


def test_the_name_does_not_matter(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [HEADER, ["a", "b", 1]])
    old = old_workbook(tmp_path / "b.xls", [HEADER, ["a", "b", 1]])
    for name in ("a.csv", "a.xls", "a.ods", "a"):
        path = path.rename(tmp_path / name)
        assert found(path).rows == [["a", "b", 1]]
    for name in ("b.xlsx", "b.zip"):
        old = old.rename(tmp_path / name)
        assert found(old).rows == [["a", "b", 1]]


def test_a_sheet_that_unpacks_to_hundreds_of_times_its_size_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [HEADER])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/image1.png", b"\0" * (40 << 20))
    with pytest.raises(FileProblem, match="times its size"):
        found(path)


def test_a_compound_file_whose_chains_go_in_a_circle_is_refused(tmp_path):
    """calamine would follow them until the memory is full."""
    path = old_workbook(tmp_path / "a.xls", [HEADER, ["a", "b", 1]])
    data = bytearray(path.read_bytes())
    directory = int.from_bytes(data[48:52], "little")
    table = (int.from_bytes(data[76:80], "little") + 1) * 512
    data[table + directory * 4 : table + directory * 4 + 4] = directory.to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(FileProblem, match="not in order"):
        found(path)


def test_an_open_document_sheet_is_read(tmp_path):
    cell = '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'
    rows = "".join(
        "<table:table-row>" + "".join(cell % text for text in row) + "</table:table-row>"
        for row in (HEADER, ["a", "b", "c"])
    )
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="一">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("META-INF/manifest.xml", "<manifest/>")
        parts.writestr("content.xml", content)
    assert found(path).rows == [["a", "b", "c"]]
