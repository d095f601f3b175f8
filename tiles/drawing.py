"""Which code draws the tiles: a version tells of features only, not of how they are drawn."""

import hashlib
from pathlib import Path

HERE = Path(__file__).parent


def _digest_of_code() -> str:
    """Of every file of this package that has a say in a tile's bytes."""
    found = hashlib.sha256()
    patterns = ("*.py", "sql/**/*.sql", "overview/*.py", "bands/*.py")
    for path in sorted(path for each in patterns for path in HERE.glob(each)):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


DRAWN_BY = _digest_of_code()
"""Part of every tag: after an update of the service no browser keeps a tile of the one before."""
