"""Which rows a check looks at."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.access.policy import EVERYTHING, Scope
from layers.checks import window
from layers.checks.identity import Named, issue_id, named_by
from layers.checks.window import Window, partition
from layers.divisions import Bounds
from layers.models.feature import Feature
from layers.registry import layer_named
from tests.conftest import FENGHUANG, HUAYUAN, IN_FENGHUANG, IN_HUAYUAN


@pytest.mark.django_db
def test_the_pieces_of_a_scope_follow_each_other_without_a_gap(
    make_feature: Callable[..., Feature], monkeypatch: pytest.MonkeyPatch
) -> None:
    for division, at in ((HUAYUAN, IN_HUAYUAN), (FENGHUANG, IN_FENGHUANG), (FENGHUANG, IN_HUAYUAN)):
        make_feature("toilets", at, division=division)
    layer = layer_named("toilets")
    assert len(partition(layer, Window())) == 1, "few rows are looked at together"
    monkeypatch.setattr(window, "PIECE", 1)
    for scope, wanted in ((EVERYTHING, 2), (Scope.of(["4331"]), 2), (Scope.of(["4301"]), 1)):
        pieces = [piece.divisions for piece in partition(layer, Window(scope))]
        assert len(pieces) == wanted
        ends = (None, None) if scope.everything else scope.ranges()[0]
        assert (pieces[0].low, pieces[-1].high) == ends
        assert all(int(b.low) == int(a.high) + 1 for a, b in pairwise(pieces))
    several = Scope.of([HUAYUAN[:6], FENGHUANG[:6], "430102"])
    pieces = [piece.divisions for piece in partition(layer, Window(several))]
    assert pieces == several.ranges()
    assert len(partition(layer, Window(bounds=Bounds(109, 28, 110, 29)))) == 1


@given(st.sets(st.integers(1, 2**59), min_size=1, max_size=5), st.sampled_from(["", "end-0-of-7"]))
def test_an_id_can_be_read_back(features: set[int], about: str) -> None:
    text = issue_id("water-works", "near-duplicate", list(features), about)
    assert named_by(text) == Named("water-works", "near-duplicate", tuple(sorted(features)), about)


@pytest.mark.parametrize(
    "text", ["", "x", "a.b", "a.b.new", "a.b.1+", "a.b.1.c.d", "a.b.1;--", "a.b.１"]
)
def test_what_is_no_id_is_not_read(text: str) -> None:
    assert named_by(text) is None
