"""The base of a field is what the last delivery said of it."""

from importers.comparison.changes import Wanted, parts_of
from importers.comparison.history import Entry, History, Said
from layers.registry import LAYERS

TOILETS = LAYERS["toilets"]


def entry(version, old, new, *, sent=None, imported=False, delivered=None, operation="update"):
    told = imported if delivered is None else delivered
    return Entry(version, operation, old, new, sent or {}, imported, told)


CORRECTED = entry(2, {"keeper": "甲"}, {"keeper": "乙"})
DELIVERED = entry(3, {"village_group": "一组"}, {"village_group": "二组"}, imported=True)


def test_a_loaded_value_counts_until_an_import_says_another():
    history = History((CORRECTED, DELIVERED))
    assert history.said("keeper", "乙") == Said(1, "甲")
    assert history.said("village_group", "二组") == Said(3, "二组")
    assert history.said("treatment", "x") == Said(1, "x")


def test_an_undone_delivery_said_nothing():
    undone = entry(3, DELIVERED.old, DELIVERED.new, imported=True, delivered=False)
    undo = entry(4, DELIVERED.new, DELIVERED.old, imported=True, delivered=False)
    history = History((CORRECTED, undone, undo))
    assert history.said("village_group", "一组") == Said(1, "一组")
    assert history.last_delivery == 4


def test_what_an_import_sent_counts_where_the_merge_wrote_nothing():
    history = History((CORRECTED, entry(3, {}, {}, sent={"keeper": "乙"}, imported=True)))
    assert history.said("keeper", "乙") == Said(3, "乙")


def test_of_what_a_person_drew_nothing_was_delivered():
    history = History((entry(1, {}, {"keeper": "甲"}, operation="create"), CORRECTED))
    assert history.said("keeper", "乙") is None
    wanted = Wanted({"keeper": "丙"})
    assert parts_of(TOILETS, wanted, {"keeper": "乙"}, 2, history) == {2: {"keeper": "丙"}}


def test_each_field_starts_from_its_own_delivery_and_a_repeated_one_is_dropped():
    history = History((CORRECTED, DELIVERED))
    current = {"keeper": "乙", "village_group": "二组", "treatment": ""}
    wanted = Wanted({"keeper": "丙", "village_group": "三组"})
    parts = parts_of(TOILETS, wanted, current, 3, history)
    assert parts == {1: {"keeper": "丙"}, 3: {"village_group": "三组"}}
    assert parts_of(TOILETS, Wanted({"keeper": "甲"}), current, 3, history) == {}
