"""Which tests go to which of the processes side by side, and in which order.

A module stays in one process, and so does a folder whose modules share what is dear to set up. The
dearest go first: one that came last would leave the other processes idle. xdist goes by the number
of tests alone, and the dearest have few.
"""

from typing import Any

from xdist.scheduler import LoadFileScheduling

TOGETHER = ("tests/access_matrix/", "tests/e2e/", "tests/layers/ogc/clients/")
"""Folders whose modules share a scene and its answers, or a server and a browser."""

SECONDS = {
    "tests/e2e/": 200,
    "tests/access_matrix/": 100,
    "tests/layers/ogc/clients/": 40,
    "tests/importers/box/test_reading.py": 20,
    "tests/importers/exporting/test_round_trip.py": 15,
    "tests/importers/loading/test_import_layer.py": 15,
    "tests/importers/loading/test_running.py": 15,
    "tests/importers/rasters/test_formats.py": 10,
    "tests/importers/test_deliveries.py": 25,
    "tests/layers/demonstration/test_seeding.py": 10,
    "tests/layers/editing/test_accounting.py": 10,
    "tests/layers/editing/test_vertices.py": 10,
    "tests/layers/journal/test_tampering.py": 10,
    "tests/layers/ogc/test_items.py": 10,
    "tests/layers/test_backup.py": 10,
    "tests/tiles/packs/test_packs.py": 10,
    "tests/tiles/test_overview.py": 10,
    "tests/tiles/test_overview_writers.py": 30,
    "tests/verification/test_scanning.py": 10,
    "tests/web/imports/test_answers.py": 10,
}
"""About how long those take that take longer than their number of tests tells."""
USUAL_SECONDS = 0.05


class DearestFirst(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        shared = (folder for folder in TOGETHER if nodeid.startswith(folder))
        return next(shared, super()._split_scope(nodeid))

    def _assign_work_unit(self, node: Any) -> None:
        dearest = max(self.workqueue, key=lambda scope: seconds(scope, len(self.workqueue[scope])))
        self.workqueue.move_to_end(dearest, last=False)
        super()._assign_work_unit(node)


def seconds(scope: str, tests: int) -> float:
    return SECONDS.get(scope, tests * USUAL_SECONDS)
