"""Values come out as they were written, whatever stands beside them."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.text import Encoding, decode_column, decode_mixed, decoded

GBK = Encoding("gb18030", "")
UTF8 = Encoding("utf-8", "")
WORDS = ["十八洞村", "安置点，", "三格化粪池式", "120m²", "沅陵县二酉苗族乡", "a1", "", "模块"]


def decoded_column(carried, encoding):
    values, failed = decode_column(pa.array(carried, pa.string()), encoding)
    return values.to_pylist(), failed


def carried(text: str | None, codec: str) -> str | None:
    return None if text is None else text.encode(codec).decode("latin-1")


@given(texts=st.lists(st.text("十八洞村abcé安置点，\t", max_size=12) | st.none()))
@pytest.mark.parametrize("encoding", [GBK, UTF8])
def test_columns_carried_as_latin_1_decode_to_what_was_written(encoding, texts):
    sent = [carried(each, encoding.name) for each in texts]
    found, failed = decoded_column(sent, encoding)
    if encoding is UTF8:
        assert found == texts
    assert not failed


@given(texts=st.lists(st.sampled_from(WORDS)), data=st.data())
@pytest.mark.parametrize("encoding", [GBK, UTF8])
def test_both_encodings_within_one_column_are_told_apart_value_by_value(encoding, texts, data):
    codecs = [data.draw(st.sampled_from(["utf-8", "gb18030"])) for _ in texts]
    sent = [
        carried(each, "utf-8" if each == "120m²" else codec)
        for each, codec in zip(texts, codecs, strict=True)
    ]
    assert decoded_column(sent, encoding) == (texts, [])


def test_two_bytes_of_gbk_that_could_be_a_letter_in_utf_8_follow_the_table():
    raw = "模".encode("gbk")
    assert raw.decode("utf-8") == "ģ"
    assert decode_mixed(raw, GBK) == "模"
    assert decode_mixed("café".encode(), UTF8) == "café"


def test_text_in_neither_encoding_is_an_error_and_not_a_guess():
    with pytest.raises(UnicodeDecodeError):
        decode_mixed(b"\xff\xff\xff\xfe\xff\xfe", GBK)
    values, failed = decoded_column(["ok", "\xff\xff\xff\xfe\xff\xfe"], UTF8)
    assert failed == [1]
    assert values[0] == "ok"


def test_a_character_cut_by_the_column_is_dropped_and_a_broken_one_is_not():
    assert decoded("安置点".encode("gbk")[:5], "gb18030") == "安置"
    assert decoded("安置点".encode()[:8], "utf-8") == "安置"
    assert decoded(b"\xff\xff\xff" + "安".encode("gbk"), "gb18030") is None
    assert decode_mixed("安置点".encode()[:8], GBK) == "安置"
    assert decode_mixed("安置点".encode("gbk")[:5], UTF8) == "安置"
