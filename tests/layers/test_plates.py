"""Plate codes: short, checked, and those of the feature they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.maplinks import map_links
from layers.plates import check_character, feature_of_code, plate_of
from layers.registry import layer_named

letters = st.sampled_from("SRWTA")
numbers = st.integers(1, 10**9)


@given(letters, numbers, st.data())
def test_one_mistyped_digit_or_two_swapped_ones_change_the_check(letter, number, data) -> None:
    digits = list(str(number))
    at = data.draw(st.integers(0, len(digits) - 1))
    wrong = digits.copy()
    wrong[at] = data.draw(st.sampled_from([d for d in "0123456789" if d != digits[at]]))
    if wrong[0] != "0":
        assert check_character(letter, int("".join(wrong))) != check_character(letter, number)
    if at and digits[at] != digits[at - 1]:
        digits[at], digits[at - 1] = digits[at - 1], digits[at]
        if digits[0] != "0":
            assert check_character(letter, int("".join(digits))) != check_character(letter, number)


@pytest.mark.django_db
def test_a_plate_opens_its_feature_and_a_mistyped_one_opens_nothing(make_feature) -> None:
    work = make_feature("water-works")
    plate = plate_of(layer_named("water-works"), work.pk)
    assert feature_of_code(plate).feature == work
    assert feature_of_code(plate.lower().replace("-", "")).feature == work
    wrong = plate[:-1] + ("0" if plate[-1] != "0" else "1")
    assert feature_of_code(wrong) is None
    assert feature_of_code("W\x001") is None


@pytest.mark.django_db
def test_an_owners_own_code_opens_the_feature_too(make_feature) -> None:
    work = make_feature("water-works", code="SC-0001")
    assert feature_of_code("sc-0001").feature == work


def test_each_map_app_is_told_the_datum_in_its_own_way() -> None:
    links = {link.app: link.url for link in map_links(111.5, 27.5, "水厂 1号")}
    assert "position=111.500000,27.500000" in links["amap"]
    assert "coordinate=wgs84" in links["amap"]
    assert "to=111.500000,27.500000," in links["amap-route"]
    assert "location=27.500000,111.500000" in links["baidu"]
    assert "coord_type=wgs84" in links["baidu"]
    assert "coord:27.500000,111.500000" in links["tencent"]
    assert "coord_type=1" in links["tencent"]
    assert links["geo"] == "geo:27.500000,111.500000"
    assert all(" " not in url for url in links.values())
