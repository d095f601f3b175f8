"""The process inside the box: closes the walls around itself, then reads a file or does a task.

Started by importers.box.process as `python -m importers.box.child`, with the request as JSON in
the first argument. Descriptor `control` takes JSON lines: what was found, then the outcome. The
rows of a file go to standard output as an Arrow stream.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib.abc import MetaPathFinder
from os import fdopen
from pathlib import Path
from typing import Any

from importers.box.limits import BoxLimits
from importers.box.walls import close_walls

Say = Callable[[dict[str, Any]], None]


class _WithoutPandas(MetaPathFinder):
    """pyogrio and pyarrow take pandas and geopandas where they exist: a second, and not needed."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        del path, target
        if fullname in {"pandas", "geopandas"}:
            raise ModuleNotFoundError(fullname, name=fullname)


def main(argument: str) -> int:
    request = json.loads(argument)
    with fdopen(request["control"], "w", encoding="utf-8") as control:

        def say(message: dict[str, Any]) -> None:
            control.write(json.dumps(message, ensure_ascii=False) + "\n")
            control.flush()

        try:
            close_walls(
                [Path(each) for each in request["readable"]],
                [Path(each) for each in request["writable"]],
                BoxLimits(**request["limits"]),
            )
        except OSError as error:
            # Without the walls nothing is read: OGR would fetch the address a GeoJSON's crs names.
            say({"no_walls": str(error)})
            return 1
        sys.meta_path.insert(0, _WithoutPandas())
        return _outcome(request, say)


def _outcome(request: dict[str, Any], say: Say) -> int:
    from importers.readers.specification import FileProblem

    try:
        if "task" in request:
            _work(request, say)
        else:
            _read(request, say)
    except FileProblem as problem:
        say({"problem": problem.as_dict()})
        return 1
    except MemoryError:
        say({"out_of_memory": True})
        return 1
    say({"done": True})
    return 0


def _work(request: dict[str, Any], say: Say) -> None:
    from importers.box.tasks import task_named

    result = task_named(request["task"])(request["request"], Path(request["writable"][0]))
    say({"result": result})


def _read(request: dict[str, Any], say: Say) -> None:
    from importers.readers.catalogue import reader_of
    from importers.readers.specification import Request

    path, scratch = Path(request["path"]), Path(request["writable"][0])
    with reader_of(path).open(Request(path, scratch, request["table"])) as source:
        say({"description": asdict(source.description)})
        _stream(source.batches)


def _stream(batches: Any) -> None:
    import pyarrow as pa

    from importers.readers.portions import portioned

    writer = None
    with pa.PythonFile(fdopen(1, "wb", buffering=0, closefd=False), mode="w") as sink:
        for batch in portioned(batches):
            writer = writer or pa.ipc.new_stream(sink, batch.schema)
            writer.write_batch(batch)
        if writer:
            writer.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
