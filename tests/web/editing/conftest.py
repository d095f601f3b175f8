"""People of one county, and edits as their browsers would send them."""

import uuid

import pytest

from layers.editing.request import EditRequest
from layers.models import Operation
from tests.conftest import ATTRIBUTES, FENGHUANG, HUAYUAN, IN_HUAYUAN, place

LAYER = "water-works"


def creation(at=IN_HUAYUAN, **properties) -> EditRequest:
    values = {**ATTRIBUTES[LAYER], **properties}
    return EditRequest(
        uuid.uuid4(), LAYER, Operation.CREATE, geometry=place(LAYER, *at), properties=values
    )


def change(feature, geometry=None, layer=LAYER, **properties) -> EditRequest:
    return EditRequest(
        uuid.uuid4(),
        layer,
        Operation.UPDATE,
        feature.pk,
        feature.version,
        geometry=geometry,
        properties=properties,
    )


@pytest.fixture
def planner(account):
    return account("planner", HUAYUAN)


@pytest.fixture
def colleague(account):
    return account("planner", HUAYUAN)


@pytest.fixture
def reviewer(account):
    return account("reviewer", HUAYUAN)


@pytest.fixture
def viewer(account):
    return account("viewer", HUAYUAN)


@pytest.fixture
def stranger(account):
    """May do everything in another county."""
    return account("steward", FENGHUANG)
