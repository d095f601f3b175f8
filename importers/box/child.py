"""The process inside the box: reads one file and writes an Arrow stream to standard output.

Started by importers.box.reading as `python -m importers.box.child`, with the request as JSON in
the first argument. Descriptor `control` takes JSON lines: the description, then the outcome.
"""

import json
import sys
from dataclasses import asdict
from importlib.abc import MetaPathFinder
from os import fdopen
from pathlib import Path
from typing import Any, TextIO

from importers.box.limits import refuse_network_and_programs, set_limits


class _WithoutPandas(MetaPathFinder):
    """pyogrio and pyarrow take pandas and geopandas where they exist: a second, and not needed."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        del path, target
        if fullname in {"pandas", "geopandas"}:
            raise ModuleNotFoundError(fullname, name=fullname)


def main(argument: str) -> int:
    request = json.loads(argument)
    set_limits(request["memory_bytes"], request["cpu_seconds"])
    # Without this wall nothing is read: OGR would fetch the address that a GeoJSON's crs names.
    refuse_network_and_programs()
    sys.meta_path.insert(0, _WithoutPandas())
    with fdopen(request["control"], "w", encoding="utf-8") as control:
        return _read(request, control)


def _read(request: dict[str, Any], control: TextIO) -> int:
    from importers.readers.catalogue import reader_of
    from importers.readers.specification import FileProblem, Request

    def say(**message: Any) -> None:
        control.write(json.dumps(message, ensure_ascii=False) + "\n")
        control.flush()

    path = Path(request["path"])
    try:
        reader = reader_of(path)
        with reader.open(Request(path, Path(request["scratch"]), request["table"])) as source:
            say(description=asdict(source.description))
            _stream(source.batches)
    except FileProblem as problem:
        say(problem=problem.as_dict())
        return 1
    except MemoryError:
        say(out_of_memory=True)
        return 1
    say(done=True)
    return 0


def _stream(batches: Any) -> None:
    import pyarrow as pa

    writer = None
    with pa.PythonFile(sys.stdout.buffer, mode="w") as sink:
        for batch in batches:
            writer = writer or pa.ipc.new_stream(sink, batch.schema)
            writer.write_batch(batch)
        if writer:
            writer.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
