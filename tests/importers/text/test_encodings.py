"""Which encoding a table is in, and what is said about it."""

import pytest

from importers.text import decode_mixed, encoding_of_stream, named_codec
from importers.text.evidence import Evidence
from importers.text.plausibility import plausibility

SIMPLIFIED = "花垣县双龙镇十八洞村第一组,三格化粪池式,已验收销号\n凤凰县山江镇,双瓮漏斗式,未整改\n"
TRADITIONAL = "花垣縣雙龍鎮十八洞村第一組,三格化糞池式,已驗收銷號\n鳳凰縣山江鎮,雙甕漏斗式,未整改\n"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (SIMPLIFIED.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + SIMPLIFIED.encode(), "utf-8"),
        (SIMPLIFIED.encode("gbk"), "gb18030"),
        (TRADITIONAL.encode("big5"), "cp950"),
        (TRADITIONAL.encode("gbk"), "gb18030"),
        (TRADITIONAL.encode(), "utf-8"),
        (SIMPLIFIED.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + SIMPLIFIED.encode("utf-16-be"), "utf-16"),
        ("模,块\n".encode("gbk"), "gb18030"),
        ("120m²,25°\n".encode(), "utf-8"),
        (b"code,n\nA1,5\n", "utf-8"),
        (b"", "utf-8"),
    ],
)
def test_the_encoding_of_a_table_is_told_by_its_bytes(tmp_path, content, name):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert encoding_of_stream(path).name == name


def test_a_table_in_two_encodings_is_named_by_the_greater_part_and_counted(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(SIMPLIFIED.encode("gbk") * 3 + SIMPLIFIED.encode())
    encoding = encoding_of_stream(path)
    assert (encoding.name, encoding.utf8, encoding.other) == ("gb18030", 6, 18)
    [(_text, parameters)] = encoding.notes()
    assert parameters == {"utf8": 6, "other": 18, "name": "GB18030"}
    lines = path.read_bytes().splitlines()
    assert {decode_mixed(line, encoding) for line in lines} == set(SIMPLIFIED.splitlines())


def test_big5_is_proposed_with_a_note(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(TRADITIONAL.encode("big5"))
    encoding = encoding_of_stream(path)
    assert encoding.title == "Big5"
    assert "Big5" in encoding.notes()[0][0]
    assert decode_mixed(TRADITIONAL.encode("big5"), encoding) == TRADITIONAL


def test_a_long_table_is_looked_at_in_pieces_up_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr("importers.text.tables.WHOLE_BYTES", 10_000)
    monkeypatch.setattr("importers.text.tables.PIECE_BYTES", 1_000)
    path = tmp_path / "a.csv"
    path.write_bytes(SIMPLIFIED.encode() * 900 + SIMPLIFIED.encode("gbk") * 100)
    encoding = encoding_of_stream(path)
    assert encoding.name == "utf-8"
    assert encoding.other


@pytest.mark.parametrize(
    ("named", "name", "refuted"),
    [
        ("gb18030", "gb18030", ""),
        ("utf-8", "gb18030", "told"),
        ("cp1252", "gb18030", "told"),
        ("cp950", "gb18030", "told"),
    ],
)
def test_what_a_file_names_counts_only_where_its_text_bears_it_out(named, name, refuted):
    evidence = Evidence()
    evidence.look_at(SIMPLIFIED.encode("gbk").replace(b"\n", b",").split(b","))
    found = evidence.verdict(named=named, named_by="by it", refutable="told")
    assert (found.name, found.refuted) == (name, refuted)
    assert (found.why == "by it") == (not refuted)


def test_a_western_table_keeps_the_western_encoding_it_names():
    evidence = Evidence()
    evidence.look_at(["Müller".encode("cp1252"), "Özil".encode("cp1252"), b"caf\xe9"])
    assert evidence.verdict(named="cp1252", named_by="").name == "cp1252"


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("GBK", "gb18030"),
        ("ANSI 936", "gb18030"),
        ("ANSI_936", "gb18030"),
        ("65001", "utf-8"),
        ("Big5", "cp950"),
        ("1252", "cp1252"),
        ("", None),
        ("nonsense", None),
    ],
)
def test_codecs_are_known_by_the_names_that_files_give_them(text, codec):
    assert named_codec(text) == codec


def test_a_wrong_reading_looks_less_plausible_than_the_right_one():
    assert plausibility(SIMPLIFIED) > 0.9
    assert plausibility(SIMPLIFIED.encode("gbk").decode("cp950", "ignore")) < 0.8
    assert plausibility(TRADITIONAL.encode("big5").decode("gb18030", "ignore")) < 0.7
    assert plausibility("plain") == 1.0
