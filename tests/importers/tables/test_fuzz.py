"""Damaged files: every reader either reads them or says why not, and does so quickly.

The mutations follow from a seed, so that a failure can be repeated by its number.
"""

import random
import zipfile
from io import BytesIO

import pytest
from PIL import Image

from importers.readers.catalogue import READERS
from importers.readers.specification import FileProblem, Request
from tests.importers.photos.test_photos import HERE, photo
from tests.importers.tables.test_corpus import CASES, WAYS

ROUNDS = 40
TELLING = [b"\0", b'"', b"\n", b",", b"\xff", b"</c>", b"<table>", b"=", b"\t" * 50, b"9" * 400]


def rewritten(data, change):
    """An archive of the same members, each changed: damage inside, not only of the archive."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)))
    return out.getvalue()


def mutated(data, generator):
    data = bytearray(data)
    for _time in range(generator.randint(1, 6)):
        at = generator.randrange(len(data) + 1)
        match generator.randrange(4):
            case 0:
                data[at : at + 1] = bytes([generator.randrange(256)])
            case 1:
                del data[at : at + generator.randrange(200)]
            case 2:
                data[at:at] = generator.choice(TELLING)
            case 3:
                data[at:at] = data[generator.randrange(len(data) + 1) :][:300]
    return bytes(data)


def read(path, scratch):
    """Rows and problems are both well; anything else is a finding."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    for reader in READERS:
        if reader.name not in {"XLSX/XLS", "CSV", "HTML", "Photos"} or not reader.detect(
            head, path
        ):
            continue
        scratch.mkdir()
        try:
            with reader.open(Request(path, scratch)) as source:
                told = source.description.rows
                rows = 0
                for batch in source.batches:
                    batch.validate(full=True)
                    rows += batch.num_rows
                # Of a text table the lines are counted: some of them may be no row.
                assert told is None or rows <= told
        except FileProblem:
            # Said in words: what the test is for is that nothing else is raised.
            return
        return


SEEDS = {
    **{way: lambda folder, way=way: WAYS[way](folder, CASES["all of it"][0]) for way in WAYS},
    "photo": lambda folder: photo(folder / "a.jpg", HERE, details={0x9003: "2022:05:01 08:30:00"}),
    "photo in png": lambda folder: photo(folder / "a.png", HERE, kind="PNG"),
}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_damaged_file_is_read_or_refused(tmp_path, seed, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1 << 20)
    path = SEEDS[seed](tmp_path)
    good = path.read_bytes()
    generator = random.Random(seed)  # noqa: S311
    for number in range(ROUNDS):
        if seed == "xlsx" and number % 2:
            path.write_bytes(rewritten(good, lambda part: mutated(part, generator)))
        else:
            path.write_bytes(mutated(good, generator))
        read(path, tmp_path / f"scratch-{number}")
