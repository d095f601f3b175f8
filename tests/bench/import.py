# ruff: noqa: N999  (the command is `bin/bench import`)
"""Importing toilets from files, beside the preformatted COPY and the programs that others use.

    bin/bench import          (BENCH_ROWS sets the number of rows, a million by default;
                              also BENCH_ROUNDS and BENCH_FORMATS="gpkg csv")

The bare limit is COPY of the rows, preformatted, into the very same layer table with its generated
columns, its indexes built at the end: what no import can beat. ogr2ogr is given COPY twice: into a
table of its own with the one index that it makes, and with the generated columns and indexes added
that a table needs to serve the same map (it cannot COPY into a table that has them already).
Nobody but us checks a value, translates a label, assigns or compares a county, keeps a journal or
can take the load back. Everything happens in a scratch database and is rolled back or dropped.

GeoDataFrame.to_postgis and Django's LayerMapping are measured with at most 100,000 and 20,000 rows.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisapp.settings")
django.setup()

import pyarrow as pa  # noqa: E402
import pyarrow.csv  # noqa: E402
import shapely  # noqa: E402
from django.contrib.gis.db import models  # noqa: E402
from django.contrib.gis.utils import LayerMapping  # noqa: E402
from django.db import connection  # noqa: E402

from layers.crs import CGCS2000  # noqa: E402
from layers.editing.guard import declared_load  # noqa: E402
from layers.editing.indexes import built_at_the_end  # noqa: E402
from layers.models import Changeset, User  # noqa: E402
from layers.registry import LAYERS  # noqa: E402
from tests.bench import _scratch, _servers  # noqa: E402
from tests.bench._delivery import FIELDS, GEOMETRY, Toilets, write  # noqa: E402

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "2"))
FORMATS = os.environ.get("BENCH_FORMATS", "gpkg shp geojson csv").split()
LAYER = LAYERS["toilets"]
FRAME_ROWS = min(ROWS, 100_000)
MAPPED_ROWS = min(ROWS, 20_000)
ACCOUNT = "bench"
OGR_OPTIONS = ("-q", "--config", "PG_USE_COPY", "YES", "-nlt", "POINT")
OF_CSV = (
    *("-oo", "X_POSSIBLE_NAMES=经度", "-oo", "Y_POSSIBLE_NAMES=纬度"),
    *("-oo", "KEEP_GEOM_COLUMNS=NO", "-a_srs", "EPSG:4490"),
)
COMPLETION = (
    """
    ALTER TABLE bench_ogr
        ADD upkeep_state varchar(10) DEFAULT 'none',
        ADD county varchar(6) GENERATED ALWAYS AS (left("所属区划", 6)) STORED,
        ADD geom_3857 geometry GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
        ADD morton bigint GENERATED ALWAYS AS (layers_morton(geom)) STORED
    """,
    "SET maintenance_work_mem = '512MB'",
    'CREATE UNIQUE INDEX ON bench_ogr ("厕所编号" COLLATE "C")',
    'CREATE INDEX ON bench_ogr ("所属区划", upkeep_state)',
    "CREATE INDEX ON bench_ogr USING gist (geom_3857)",
    'CREATE INDEX ON bench_ogr (morton) INCLUDE ("所属区划", upkeep_state)',
)
"""What a table of ogr2ogr's needs to serve the same map; without a journal, of course."""


def main() -> None:
    with _scratch.scratch_database(), tempfile.TemporaryDirectory() as folder:
        toilets = Toilets(ROWS)
        author = User.objects.create_user(ACCOUNT, is_superuser=True)
        files = {name: write(toilets, Path(folder) / f"toilets.{name}") for name in FORMATS}
        seconds = {"preformatted COPY": _preformatted(toilets, author, Path(folder))}
        print(f"{ROWS:,} toilets on {os.cpu_count()} cores")
        _tell("preformatted COPY, indexes at the end", "", seconds["preformatted COPY"], ROWS, 1.0)
        for name, path in files.items():
            _compare(name, path, seconds["preformatted COPY"])
        small = write(Toilets(MAPPED_ROWS), Path(folder) / "small.shp").with_suffix(".shp")
        frame = write(Toilets(FRAME_ROWS), Path(folder) / "frame.gpkg")
        _tell("geopandas to_postgis", "gpkg", _to_postgis(frame), FRAME_ROWS)
        _tell("Django LayerMapping", "shp", _layer_mapping(small), MAPPED_ROWS)
        _assigned_alike(toilets)


def _compare(name: str, path: Path, limit: float) -> None:
    ours = [_ours(path) for _round in range(ROUNDS)]
    best = min(ours, key=lambda each: float(each["seconds"]))
    memory = f"{best['parent_mb']} + {best['child_mb']} MB"
    _tell(f"import_layer ({memory})", name, best["seconds"], ROWS, limit / best["seconds"])
    source = f"/vsizip/{path}" if path.suffix == ".zip" else str(path)
    for label, completed in (("its own table", False), ("and the layer's indexes", True)):
        spent = min(_ogr2ogr(source, completed=completed) for _round in range(ROUNDS))
        _tell(f"ogr2ogr, {label}", name, spent, ROWS, limit / spent)


def _tell(what: str, name: str, seconds: float, rows: int, ratio: float | None = None) -> None:
    share = f"{ratio:8.2f}" if ratio is not None else ""
    print(f"{what:54}{name:9}{seconds:9.1f} s{rows / seconds:12,.0f} rows/s{share}", flush=True)


def _preformatted(toilets: Toilets, author: User, folder: Path) -> float:
    changeset = Changeset.objects.create(
        kind=Changeset.Kind.IMPORT, author=author, layer=LAYER.name
    )
    path = folder / "preformatted.csv"
    names = _preformat(toilets, path, changeset.pk)

    def load() -> None:
        with (
            built_at_the_end(LAYER, ROWS),
            declared_load(changeset.pk),
            connection.cursor() as cursor,
            path.open("rb") as stream,
        ):
            columns = ", ".join(names)
            cursor.copy_expert(
                f"COPY {LAYER.table} ({columns}) FROM STDIN (FORMAT csv)", stream, 1 << 18
            )

    return _scratch.timed(load, ROUNDS)


def _preformat(toilets: Toilets, path: Path, changeset: int) -> list[str]:
    """The rows as COPY CSV; returns the columns."""
    names: list[str] = []
    with path.open("wb") as stream:
        for batch in toilets:
            points = shapely.from_wkb(batch.column(GEOMETRY).to_numpy(zero_copy_only=False))
            numbered = shapely.set_srid(points, CGCS2000)
            columns = {field: batch.column(name) for name, field in FIELDS.items()}
            columns["geom"] = pa.array(shapely.to_wkb(numbered, hex=True, include_srid=True))
            columns["method"] = pa.array(["imported"] * len(batch))
            columns["changeset_id"] = pa.array([changeset] * len(batch))
            names = list(columns)
            options = pyarrow.csv.WriteOptions(include_header=False)
            pyarrow.csv.write_csv(pa.table(columns), stream, options)
    return names


def _ours(path: Path) -> dict[str, float]:
    """import_layer in a process of its own, on the scratch database."""
    settings = connection.settings_dict
    host = settings["HOST"]
    address = f"postgis://{settings['USER']}:{quote(settings['PASSWORD'])}@"
    address += f"/{settings['NAME']}?host={host}" if host.startswith("/") else host
    if not host.startswith("/"):
        address += f":{settings['PORT'] or 5432}/{settings['NAME']}"
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.bench._import_once",
            str(path),
            f"--user={ACCOUNT}",
            "--accept",
        ],
        env={**os.environ, "DATABASE_URL": address},
        cwd=_servers.PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _pg_environment() -> dict[str, str]:
    settings = connection.settings_dict
    named = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGDATABASE": settings["NAME"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
    }
    return {**os.environ, **{name: str(value) for name, value in named.items() if value}}


def _ogr2ogr(source: str, *, completed: bool) -> float:
    """Seconds into a new table with the index that it makes; `completed`: and with the columns and
    indexes that the layer has for its tiles, counts and searches, made afterwards."""
    options = ["-lco", "LAUNDER=NO", "-lco", "GEOMETRY_NAME=geom", "-nln", "bench_ogr"]
    options += ["-lco", "SPATIAL_INDEX=NONE"] if completed else []
    options += list(OF_CSV) if source.endswith(".csv") else []
    _execute("CHECKPOINT")
    began = time.perf_counter()
    subprocess.run(
        ["ogr2ogr", *OGR_OPTIONS, *options, "-f", "PostgreSQL", "PG:", source],
        env=_pg_environment(),
        check=True,
        stderr=subprocess.DEVNULL,
    )
    if completed:
        for statement in COMPLETION:
            _execute(statement)
    spent = time.perf_counter() - began
    _execute("DROP TABLE bench_ogr")
    return spent


TO_POSTGIS = """
import sys, time
began = time.perf_counter()
import geopandas, sqlalchemy
frame = geopandas.read_file(sys.argv[1], use_arrow=False)
engine = sqlalchemy.create_engine("postgresql+psycopg2://")
frame.to_postgis("bench_frame", engine)
print(time.perf_counter() - began)
"""


def _to_postgis(path: Path) -> float:
    done = subprocess.run(
        [str(_servers.peers_python()), "-c", TO_POSTGIS, str(path)],
        env=_pg_environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    _execute("DROP TABLE bench_frame")
    return float(done.stdout)


class Mapped(models.Model):
    """What LayerMapping fills: a plain model with one index on the place. It reads features by
    numbers from 0 on, which fails for a GeoPackage."""

    code = models.CharField(max_length=64)
    division = models.CharField(max_length=12)
    category = models.CharField(max_length=20)
    toilet_type = models.CharField(max_length=20)
    rectification = models.CharField(max_length=20)
    village_group = models.CharField(max_length=60)
    keeper = models.CharField(max_length=120)
    completed_on = models.DateField()
    room_area_m2 = models.FloatField()
    tank_volume_m3 = models.FloatField()
    geom = models.PointField(srid=CGCS2000)

    class Meta:
        app_label = "bench"
        db_table = "bench_mapped"

    def __str__(self) -> str:
        return self.code


def _layer_mapping(path: Path) -> float:
    with connection.schema_editor() as editor:
        editor.create_model(Mapped)
    began = time.perf_counter()
    columns = {field: column[:5] for column, field in FIELDS.items()}
    mapping = {**columns, "geom": "POINT"}
    LayerMapping(Mapped, str(path), mapping, transform=False).save(strict=True)
    spent = time.perf_counter() - began
    _execute("DROP TABLE bench_mapped")
    return spent


def _assigned_alike(toilets: Toilets) -> None:
    """The counties that the import assigns, and those of the join in PostGIS, for one batch."""
    batch = next(iter(toilets))
    _execute("CREATE TEMP TABLE bench_points (n integer, stated text, geom geometry(Point, 4490))")
    with connection.cursor() as cursor:
        wkb = batch.column(GEOMETRY).to_pylist()
        rows = "\n".join(
            f"{n}\t{county}\t{place.hex()}"
            for n, (county, place) in enumerate(
                zip(batch.column("所属区划").to_pylist(), wkb, strict=True)
            )
        )
        cursor.execute("ALTER TABLE bench_points ALTER geom TYPE geometry")
        cursor.copy_expert("COPY bench_points FROM STDIN", io.StringIO(rows + "\n"))
        began = time.perf_counter()
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE d.code IS DISTINCT FROM p.stated) FROM bench_points p
            LEFT JOIN LATERAL (
                SELECT min(code) AS code FROM layers_division
                WHERE level = 'county' AND ST_Intersects(boundary, ST_SetSRID(p.geom, 4490))
            ) d ON true
            """
        )
        [different] = cursor.fetchone()
        spent = time.perf_counter() - began
    _tell(f"join in PostGIS: {different} assigned otherwise", "", spent, len(batch))


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


if __name__ == "__main__":
    main()
