"""One locator for all tests of places: it only reads."""

import pytest

from layers.divisions import CountyLocator


@pytest.fixture(scope="session")
def locator(django_db_setup, django_db_blocker) -> CountyLocator:
    with django_db_blocker.unblock():
        return CountyLocator()
