"""bin/bench: set up, then run benchmarks, each a module of tests/bench."""

from pathlib import Path

from .console import Failure, say
from .preparation import prepared
from .processes import attached

FOLDER = Path("tests/bench")


def known(project: Path) -> list[str]:
    """Benchmark names; modules that start with an underscore only support them."""
    paths = (project / FOLDER).glob("[!_]*.py")
    return sorted(path.stem for path in paths if path.stem != "conftest")


def chosen(project: Path, names: list[str]) -> list[str]:
    """The benchmarks to run: those named, or all. Raises Failure, with the list, for others."""
    there = known(project)
    strange = [name for name in names if name not in there]
    if strange or not there:
        cause = f"there is no benchmark {', '.join(strange)}" if strange else "none is there yet"
        raise Failure(cause, f"bin/bench takes: {' '.join(there) or '(nothing yet)'}")
    return names or there


def bench(project: Path, names: list[str]) -> int:
    """Run benchmarks one after the other; 0 when all of them succeeded."""
    wanted = chosen(project, names)
    failed = []
    with prepared(project, tests=True) as ready:
        for name in wanted:
            say(f"-> {name}")
            if attached(ready.program("python", "-m", f"tests.bench.{name}")) != 0:
                failed.append(name)
    if failed:
        say(f"FAILED: {', '.join(failed)}")
    return 1 if failed else 0
