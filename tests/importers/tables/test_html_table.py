"""HTML that is called .xls, as a browser would show it."""

import pytest

from importers.readers.html_table import HtmlTableReader
from importers.readers.specification import FileProblem, SeveralTables
from tests.importers.tables.writing import found

HEAD = '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>%s</head><body>'
CHARSET = '<meta http-equiv=Content-Type content="text/html; charset=gb2312">'
ROWS = "<tr><td>名称<td>户数</tr><tr><td>十八洞<td>0012</tr><tr><td>双龙<td>2</tr>"


def page(tmp_path, body, *, head=CHARSET, encoding="gbk", name="a.xls"):
    path = tmp_path / name
    path.write_bytes((HEAD % head + body).encode(encoding))
    return path


def test_cells_that_span_rows_and_columns_stand_where_a_browser_puts_them(tmp_path):
    body = """<table><tr><td colspan=4>台账</td></tr>
    <tr><th rowspan="2">名称</th><th rowspan=2>户数<th colspan=2>坐标</tr><tr><td>经度<td>纬度</tr>
    <tr><td rowspan=2>十八&nbsp;洞<td>0012<td>109.5<td>28.5<tr><td>3<td>109.6<td>28.6</table>"""
    table = found(page(tmp_path, body))
    assert table.names == ["名称", "户数", "坐标 经度", "坐标 纬度"]
    assert table.rows == [
        ["十八\xa0洞", "0012", "109.5", "28.5"],
        ["十八\xa0洞", "3", "109.6", "28.6"],
    ]
    assert table.numbers == [4, 5]


@pytest.mark.parametrize(
    ("head", "encoding"),
    [(CHARSET, "gbk"), ("<meta charset='utf-8'>", "utf-8"), ("", "gb18030"), (CHARSET, "utf-8")],
)
def test_the_encoding_is_what_the_bytes_are_also_where_the_page_is_wrong(tmp_path, head, encoding):
    table = found(page(tmp_path, f"<table>{ROWS}</table>", head=head, encoding=encoding))
    assert table.rows == [["十八洞", "0012"], ["双龙", "2"]]


def test_of_several_tables_one_is_asked_for(tmp_path):
    path = page(tmp_path, f"<table>{ROWS}</table><table>{ROWS.replace('双龙', '石家')}</table>")
    with pytest.raises(SeveralTables) as raised:
        found(path)
    assert raised.value.tables == ("表1", "表2")
    assert found(path, "表2").rows[1] == ["石家", "2"]


def test_scripts_and_styles_are_no_text_and_breaks_are(tmp_path):
    body = f"<style>td{{a}}</style><table>{ROWS}<tr><td><script>x()</script>a<br>b<td>3</table>"
    assert found(page(tmp_path, body)).rows[2] == ["a\nb", "3"]


def test_entities_are_not_declared_and_not_fetched(tmp_path):
    declared = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    path = tmp_path / "a.xls"
    path.write_text(declared + f"<html><table>{ROWS}<tr><td>&x;&amp;<td>1</table></html>")
    assert found(path).rows[2][0] == "&x;&"


def test_spans_beyond_reason_are_refused(tmp_path):
    body = "<table><tr>" + "<td colspan=1000>a" * 3 + "</table>"
    with pytest.raises(FileProblem, match="columns"):
        found(page(tmp_path, body))


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n",
        b"<html><body>no table</body></html>",
    ],
)
def test_other_disguises_are_refused_by_name(tmp_path, content):
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    with pytest.raises(FileProblem) as raised:
        found(path)
    assert "save it as .xlsx" in raised.value.remedy


def test_xml_of_other_kinds_is_left_to_others(tmp_path):
    kml = b"<?xml version='1.0'?><kml><description><table></table></description></kml>"
    assert not HtmlTableReader().detect(kml, tmp_path / "a.kml")
