"""Damaged files of every format: rows, or a reason; never a crash, a hang or a stray error.

Many are read in one start of the box. IMPORT_FUZZ_ROUNDS=1000 makes a long run of it, and
IMPORT_FUZZ_SEED another one; a file that was the end of the child is kept beside the others.
"""

import os
import random
from pathlib import Path

import pytest

from importers.box.limits import BoxLimits
from importers.box.running import run_in_box
from importers.readers.specification import FileProblem
from tests.importers.readers import samples
from tests.importers.readers.mutations import damaged

ROUNDS = int(os.environ.get("IMPORT_FUZZ_ROUNDS", "1"))
SEED = os.environ.get("IMPORT_FUZZ_SEED", "1")
COPIES = 12
LIMITS = BoxLimits(memory_bytes=1 << 30, cpu_seconds=60, wait_seconds=120)


@pytest.fixture(scope="module")
def originals(tmp_path_factory) -> dict[str, Path]:
    made = {}
    for name, write in samples.EVERY.items():
        made[name] = write(tmp_path_factory.mktemp("original"))
    return made


def survivors(folder: Path, paths: list[Path]) -> dict[str, dict]:
    """What the box says of each; where it ended, the half of the files that it ended with."""
    scratch = folder / f"scratch-{len(list(folder.iterdir()))}"
    scratch.mkdir()
    try:
        answer = run_in_box(
            "readers.survey",
            {"paths": [str(path) for path in paths]},
            readable=[folder],
            writable=scratch,
            box=LIMITS,
        )
    except FileProblem as ending:
        if len(paths) == 1:
            pytest.fail(f"{paths[0]}: {ending}")
        middle = len(paths) // 2
        return survivors(folder, paths[:middle]) | survivors(folder, paths[middle:])
    return answer["files"]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_damage_of_any_kind_gives_rows_or_a_reason(tmp_path, originals, number):
    chance = random.Random(f"{SEED}-{number}")  # noqa: S311  (damage, not secrets)
    paths = [
        damaged(original, tmp_path / f"{name.replace(' ', '-')}-{copy}", chance)
        for name, original in originals.items()
        for copy in range(COPIES)
    ]
    answers = survivors(tmp_path, paths)
    assert len(answers) == len(paths)
    for path, answer in answers.items():
        assert ("rows" in answer) != ("problem" in answer), path
