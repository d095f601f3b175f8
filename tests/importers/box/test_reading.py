"""A file in the box, from the caller's side: limits, crashes and secrets."""

import http.server
import json
import os
import sys
import threading
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from importers.box import pipes, process, tasks
from importers.box.delivered import delivered
from importers.box.reading import BoxLimits, opened_in_box
from importers.box.running import run_in_box
from importers.readers.specification import FileProblem, SeveralTables
from tests.importers import files
from tests.importers.files import HUAYUAN, SITE
from tests.importers.readers import samples


def read(path, **options):
    with opened_in_box(path, **options) as boxed:
        return [row for batch in boxed.batches for row in batch.to_pylist()]


def problem(path, **options) -> str:
    with pytest.raises(FileProblem) as raised:
        read(path, **options)
    return str(raised.value)


@pytest.fixture(scope="module")
def gpkg(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gpkg")
    return files.geopackage(folder / "a.gpkg", [SITE] * 100, [HUAYUAN] * 100)


def test_every_format_is_read_within_the_walls(tmp_path):
    """One start for all of them: that libraries load late and find their data is what counts."""
    paths = []
    for name, write in samples.EVERY.items():
        folder = tmp_path / name.replace(" ", "-")
        folder.mkdir()
        paths.append(write(folder))
    answer = run_in_box(
        "readers.survey",
        {"paths": [str(path) for path in paths]},
        readable=[tmp_path],
        writable=tmp_path,
    )
    rows = {path: found.get("rows", found) for path, found in answer["files"].items()}
    assert all(count in (2, 3) for count in rows.values()), rows


def test_a_loose_shapefile_is_read_with_the_parts_beside_it(tmp_path):
    shp = samples.shapefile(tmp_path)
    (shp.parent / "other.dbf").write_bytes(b"x")
    assert {part.name for part in delivered(shp).parts} == {
        "sites.shp",
        "sites.shx",
        "sites.dbf",
        "sites.prj",
    }
    assert [row["名称"] for row in read(shp)] == samples.NAMES


def test_several_tables_come_out_as_what_they_are(tmp_path):
    gpkg = samples.geopackage(tmp_path)
    samples.written(gpkg, "GPKG", layer="道路", append=True)
    with pytest.raises(SeveralTables) as raised:
        read(gpkg)
    assert raised.value.tables == ("rows", "道路")


def test_links_pipes_and_what_is_not_there_are_refused_before_anything_starts(tmp_path):
    real = samples.geojson(tmp_path)
    link = tmp_path / "link.geojson"
    link.symlink_to(real)
    assert "is a link" in problem(link)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "is a link or a device" in problem(pipe)
    assert "There is no file" in problem(tmp_path / "nothing")
    shp = samples.shapefile(tmp_path)
    shp.with_suffix(".prj").unlink()
    shp.with_suffix(".prj").symlink_to("/etc/passwd")
    assert "is a link" in problem(shp)


def test_the_box_has_only_the_readers_drivers():
    skipped = set(process.skipped_drivers().split(","))
    assert "GeoJSON" not in skipped
    assert {"OGR_VRT", "HTTP", "WFS", "CSV", "LIBKML", "GDALG", "SQLite", "OAPIF"} <= skipped


def test_too_little_memory_is_an_error_and_not_a_crash_of_the_caller(gpkg):
    assert "memory" in problem(gpkg, box=BoxLimits(memory_bytes=60 << 20))


def test_too_much_processor_time_is_an_error(gpkg):
    assert "too long" in problem(gpkg, box=BoxLimits(cpu_seconds=0))


def test_waiting_has_an_end(gpkg):
    assert "too long" in problem(gpkg, box=BoxLimits(wait_seconds=0.05))


def test_the_callers_own_time_does_not_count(gpkg):
    box = BoxLimits(wait_seconds=20)
    with opened_in_box(gpkg, box=box) as boxed:
        # As if the database had been slow: no second of this was spent waiting for the child.
        assert sum(batch.num_rows for batch in boxed.batches) == 100
    patience = pipes.Patience(0.2)
    reading, writing = os.pipe()
    os.write(writing, b"x")
    time.sleep(0.3)
    patience.wait_for(reading)
    os.close(reading)
    os.close(writing)
    assert patience.left > 0.1


def test_a_file_that_unfolds_into_far_more_than_its_size_is_stopped(tmp_path):
    path = tmp_path / "a.parquet"
    value = pa.DictionaryArray.from_arrays(pa.array(np.zeros(200_000, np.int32)), ["x" * 2000])
    pq.write_table(pa.table({"a": value}), path)
    assert "unfolds" in problem(path, box=BoxLimits(output_bytes=10 << 20))


def test_a_shape_of_ten_million_vertices_is_refused_within_memory(tmp_path):
    ring = np.zeros((10_000_000, 2))
    path = tmp_path / "a.parquet"
    header = b"\x01" + (3).to_bytes(4, "little") + (1).to_bytes(4, "little")
    shape = header + len(ring).to_bytes(4, "little") + ring.tobytes()
    geo = {"primary_column": "g", "columns": {"g": {"encoding": "WKB", "geometry_types": []}}}
    table = pa.table({"g": pa.array([shape], pa.binary())})
    pq.write_table(
        table.replace_schema_metadata({"geo": json.dumps(geo)}),
        path,
        compression="snappy",
        use_dictionary=False,
        write_statistics=False,
    )
    assert "Row 1 alone has 152 MB" in problem(path)


def test_a_crash_inside_is_told_with_its_last_words(tmp_path, monkeypatch):
    """A library that aborts takes only the child with it."""
    monkeypatch.setitem(process.environment.__globals__, "PASSED_ON", ("PATH",))
    with pytest.raises(FileProblem) as raised:
        run_in_box("no such task", {}, readable=[], writable=tmp_path)
    assert "ended with status 1: KeyError" in str(raised.value)


def test_the_child_has_neither_the_database_nor_a_key(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgis://secret")
    monkeypatch.setenv("FIELD_KEY", "secret")
    assert "secret" not in str(process.environment("scratch"))


def test_no_address_that_a_file_names_is_asked(tmp_path):
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    crs = {"type": "link", "properties": {"href": f"{base}/crs", "type": "ogcwkt"}}
    point = {"type": "Point", "coordinates": [111.5, 27.5]}
    feature = {"type": "Feature", "properties": {}, "geometry": point}
    linked = tmp_path / "linked.geojson"
    linked.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}))
    layer = f'<OGRVRTLayer name="a"><SrcDataSource>/vsicurl/{base}/a</SrcDataSource></OGRVRTLayer>'
    for name, content in {
        "a.vrt": f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>",
        "a.gpkg": f"/vsicurl/{base}/a.gpkg",
        "a.kml": samples.KML.format(
            placemarks=f"<NetworkLink><Link><href>{base}/a.kml</href></Link></NetworkLink>"
        ),
        "a.txt": f"WFS:{base}/wfs",
    }.items():
        (tmp_path / name).write_text(content)
    try:
        paths = [str(path) for path in tmp_path.iterdir()]
        answer = run_in_box(
            "readers.survey", {"paths": paths}, readable=[tmp_path], writable=tmp_path
        )
    finally:
        server.shutdown()
    assert len(answer["files"]) == 5
    assert asked == []


def test_a_kernel_without_the_wall_reads_nothing_and_says_what_is_needed(gpkg, monkeypatch):
    code = (
        "import sys, importers.box.landlock as wall\n"
        "def missing(*_): raise OSError(38, 'landlock: Function not implemented')\n"
        "wall._called = missing\n"
        "from importers.box.child import main\n"
        "sys.exit(main(sys.argv[1]))\n"
    )
    real = process.subprocess.Popen

    def without(arguments, **options):
        return real([sys.executable, "-s", "-c", code, arguments[-1]], **options)

    monkeypatch.setattr(process.subprocess, "Popen", without)
    with pytest.raises(FileProblem) as raised:
        read(gpkg)
    assert "none is read" in str(raised.value)
    assert "Landlock" in raised.value.remedy


def test_every_task_can_be_found():
    for name in tasks.TASKS:
        assert callable(tasks.task_named(name))


def test_shapes_within_the_limit_pass_in_portions(tmp_path, monkeypatch):
    from importers.readers import portions

    monkeypatch.setattr(portions, "PORTION_BYTES", 1000)
    shapes = shapely.to_wkb(shapely.points(np.zeros((200, 2))))
    batch = pa.record_batch({"__geometry__": pa.array(shapes.tolist(), pa.binary())})
    parts = list(portions.portioned([batch]))
    assert len(parts) > 4
    assert pa.Table.from_batches(parts).to_batches()[0].num_rows <= 200
    assert sum(part.num_rows for part in parts) == 200
