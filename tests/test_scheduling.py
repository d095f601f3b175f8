"""The order of the tests themselves."""

from pathlib import Path

from tests.scheduling import SECONDS, TOGETHER

ROOT = Path(__file__).resolve().parents[1]


def test_what_is_dear_is_still_there_under_its_name() -> None:
    assert [each for each in (*SECONDS, *TOGETHER) if not (ROOT / each).exists()] == []
