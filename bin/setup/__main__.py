"""Entry point: `python bin/setup serve|test|bench|manage|packages [arguments]`."""

import sys
from pathlib import Path

# Python put this folder first on the path; its parent belongs there, or our modules would be
# found as top-level names and hide those of the standard library.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from setup.commands import main  # noqa: E402 - the path above comes first

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
