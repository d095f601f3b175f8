"""Remedies are worded for the page and for the commands; only the commands speak of flags."""

import re
from pathlib import Path

import pytest

from importers.management.flags import FLAGS, refusal_text
from importers.places.datums import named_datum
from layers.errors import Rejected, ServiceError

IMPORTERS = Path(__file__).resolve().parents[2] / "importers"
TEXT = re.compile(r"(?:\b_|gettext_noop|gettext)\(\s*((?:\"[^\"]*\"\s*)+)")
FLAG = re.compile(r"(^|[\s(\"])--[a-z]")
OF_COMMANDS = ("management", "actors.py")


def test_no_text_outside_the_commands_names_a_flag() -> None:
    speaking = {
        f"{path.relative_to(IMPORTERS)}: {text[:60]}"
        for path in IMPORTERS.rglob("*.py")
        if path.relative_to(IMPORTERS).parts[0] not in OF_COMMANDS
        for text in TEXT.findall(path.read_text())
        if FLAG.search(text)
    }
    assert speaking == set()


def test_a_command_adds_the_flag_that_is_the_remedys_control() -> None:
    with pytest.raises(Rejected) as raised:
        named_datum("nonsense")
    assert refusal_text(raised.value).splitlines()[-1] == FLAGS["datum"]
    assert "--" not in str(raised.value.remedy)
    assert refusal_text(ServiceError("A", remedy="B")) == "A\nB"
