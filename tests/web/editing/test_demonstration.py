"""The demonstration of plans and conflicts: there is one of each to look at, and it goes again."""

import pytest

from gisapp.web import demonstration
from layers.demonstration.accounts import seeder
from layers.models.plan import Plan
from layers.models.submission import Submission
from tests.layers.demonstration.conftest import Seeded, seeded  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


def test_plans_and_conflicts_are_there_and_can_be_cleared(seeded: Seeded) -> None:  # noqa: F811
    assert set(Plan.objects.values_list("state", flat=True)) == {
        "submitted",
        "approved",
        "returned",
    }
    kinds = sorted(Submission.objects.values_list("kind", "operation"))
    assert kinds == [("conflict", "delete"), ("conflict", "update"), ("held", "update")]
    assert demonstration.clear(seeder()) == {"plans": 3, "conflicts": 3}
    assert not Plan.objects.exists()
    assert not Submission.objects.filter(settlement="").exists()
