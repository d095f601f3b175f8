"""Other tile servers on the same rows and the same index, each started on loopback and stopped.

They look at a view of the layer's table with the attributes that our tiles have. Limits on the
features of a tile are lifted where there are any, because with them features are left out. Each of
them answers a tile; one that takes longer than the limit is called off, in the database too.
"""

import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.db import connection

from layers.registry.specification import Layer
from tests.bench import _servers
from tiles.coordinates import Tile

TABLE = "bench_points"
COLUMNS = ("id", "state", "class", "name")
LIMIT_S = 20
ALL = 100_000_000

Ask = Callable[[Tile], bytes]


class TooLong(Exception):
    """A tile took longer than LIMIT_S."""


@dataclass(frozen=True, slots=True)
class Peer:
    """`program` is what has to be on the PATH; "" for what the peers' environment has."""

    name: str
    program: str
    start: Callable[[], "contextmanager[Ask]"]

    @property
    def there(self) -> bool:
        return not self.program or shutil.which(self.program) is not None


@contextmanager
def view_of(layer: Layer) -> Iterator[None]:
    """What peers look at, for as long as the body runs."""
    _run(
        f"CREATE OR REPLACE VIEW {TABLE} AS SELECT id, upkeep_state AS state,"
        f" NULLIF({layer.classify}, '') AS class, NULLIF(name, '') AS name, geom_3857 AS geom"
        f" FROM {layer.table}"
    )
    try:
        yield
    finally:
        _run(f"DROP VIEW {TABLE}")


def measured(ask: Ask, tile: Tile, rounds: int) -> tuple[float, int]:
    """(best ms, bytes) of so many rounds, of one where that takes seconds. Raises TooLong."""
    best, size = float("inf"), 0
    for _round in range(rounds):
        began = time.perf_counter()
        try:
            size = len(ask(tile))
        except (TimeoutError, subprocess.TimeoutExpired) as error:
            _call_off()
            raise TooLong from error
        best = min(best, (time.perf_counter() - began) * 1000)
        if best > 1000:
            break
    return best, size


def _call_off() -> None:
    _run(
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
        f" WHERE query LIKE '%{TABLE}%' AND pid <> pg_backend_pid() AND state = 'active'"
    )


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _over_http(template: str) -> Ask:
    def ask(tile: Tile) -> bytes:
        address = template.format(**tile._asdict())
        with urllib.request.urlopen(address, timeout=LIMIT_S) as answer:
            return bytes(answer.read())

    return ask


@contextmanager
def _tipg() -> Iterator[Ask]:
    port = _servers.free_port()
    command = [str(_servers.peers_python()), "-m", "uvicorn", "tipg.main:app"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    more = {
        "DATABASE_URL": _servers.url_with_host(),
        "TIPG_MAX_FEATURES_PER_TILE": str(ALL),
        "TIPG_TILE_BUFFER": "64",
        "TIPG_DB_ONLY_SPATIAL_TABLES": "TRUE",
    }
    path = f"/collections/public.{TABLE}"
    with _servers.server(command, port, path, **more) as address:
        yield _over_http(
            f"{address}{path}/tiles/WebMercatorQuad/{{z}}/{{x}}/{{y}}?limit={ALL}"
            "&properties=id,state,class,name"
        )


@contextmanager
def _vectortiles() -> Iterator[Ask]:
    port = _servers.free_port()
    command = [
        str(_servers.peers_python()),
        "-m",
        "uvicorn",
        "tests.bench._vectortiles:application",
    ]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    more = {"BENCH_DATABASE": _servers.libpq_url(), "BENCH_TABLE": TABLE}
    with _servers.server(command, port, "/healthz", **more) as address:
        yield _over_http(f"{address}/tiles/{{z}}/{{x}}/{{y}}")


MAPFILE = """
MAP
  NAME "bench"
  EXTENT -20037508.34 -20037508.34 20037508.34 20037508.34
  SIZE 256 256
  PROJECTION "init=epsg:3857" END
  OUTPUTFORMAT
    NAME "mvt"
    DRIVER "MVT"
    FORMATOPTION "EXTENT=4096"
    FORMATOPTION "EDGE_BUFFER=16"
  END
  LAYER
    NAME "points"
    TYPE POINT
    STATUS ON
    PROJECTION "init=epsg:3857" END
    CONNECTIONTYPE POSTGIS
    CONNECTION "{connection}"
    DATA "geom FROM (SELECT * FROM {table}) AS t USING UNIQUE id USING srid=3857"
    PROCESSING "CLOSE_CONNECTION=DEFER"
    METADATA "gml_include_items" "{columns}" END
    CLASS STYLE COLOR 0 0 0 END END
  END
END
"""


@contextmanager
def _mapserver() -> Iterator[Ask]:
    """As CGI: a process a tile, as Debian's package installs it."""
    with tempfile.TemporaryDirectory() as name:
        mapfile, config = Path(name) / "bench.map", Path(name) / "mapserver.conf"
        mapfile.write_text(
            MAPFILE.format(connection=_keywords(), table=TABLE, columns=",".join(COLUMNS))
        )
        mapfile.chmod(0o600)
        config.write_text(f'CONFIG\n  ENV\n    MS_MAP_PATTERN "^{name}"\n  END\nEND\n')

        def ask(tile: Tile) -> bytes:
            query = f"map={mapfile}&mode=tile&tilemode=gmap&tile={tile.x}+{tile.y}+{tile.z}"
            environ = {
                **os.environ,
                "MAPSERVER_CONFIG_FILE": str(config),
                "REQUEST_METHOD": "GET",
                "QUERY_STRING": f"{query}&layers=points&map.imagetype=mvt",
            }
            found = subprocess.run(
                ["mapserv"], env=environ, capture_output=True, timeout=LIMIT_S, check=True
            )
            head, _blank, body = found.stdout.partition(b"\r\n\r\n")
            if b"vector-tile" not in head and b"protobuf" not in head:
                raise RuntimeError(found.stdout[:500])
            return body

        yield ask


def _keywords() -> str:
    url = urlsplit(_servers.libpq_url())
    place = {key: values[0] for key, values in parse_qs(url.query).items()}
    return (
        f"host={place['host']} port={place['port']} dbname={url.path.lstrip('/')}"
        f" user={url.username} password={url.password or ''}"
    )


@contextmanager
def _martin() -> Iterator[Ask]:
    port = _servers.free_port()
    command = ["martin", "--listen-addresses", f"127.0.0.1:{port}", "--cache-size", "0"]
    command += [_servers.libpq_url()]
    with _servers.server(command, port, "/health") as address:
        yield _over_http(f"{address}/{TABLE}/{{z}}/{{x}}/{{y}}")


@contextmanager
def _pg_tileserv() -> Iterator[Ask]:
    port = _servers.free_port()
    more = {
        "DATABASE_URL": _servers.libpq_url(),
        "TS_HTTPHOST": "127.0.0.1",
        "TS_HTTPPORT": str(port),
        "TS_MAXFEATURESPERTILE": str(ALL),
    }
    with _servers.server(["pg_tileserv"], port, "/index.json", **more) as address:
        yield _over_http(f"{address}/public.{TABLE}/{{z}}/{{x}}/{{y}}.pbf")


TEGOLA = """
[[providers]]
name = "bench"
type = "mvt_postgis"
uri = "{uri}"
srid = 3857
  [[providers.layers]]
  name = "points"
  geometry_fieldname = "geom"
  id_fieldname = "id"
  sql = "SELECT ST_AsMVTGeom(geom, !BBOX!) AS geom, id, state, class, name FROM {table} \
WHERE geom && !BBOX!"
[[maps]]
name = "bench"
  [[maps.layers]]
  provider_layer = "bench.points"
  min_zoom = 0
  max_zoom = 22
"""


@contextmanager
def _tegola() -> Iterator[Ask]:
    port = _servers.free_port()
    with tempfile.TemporaryDirectory() as name:
        config = Path(name) / "tegola.toml"
        config.write_text(TEGOLA.format(uri=_servers.libpq_url(), table=TABLE))
        command = ["tegola", "serve", "--config", str(config), "--port", f"127.0.0.1:{port}"]
        with _servers.server(command, port, "/capabilities") as address:
            yield _over_http(f"{address}/maps/bench/{{z}}/{{x}}/{{y}}.pbf")


PEERS = (
    Peer("tipg", "", _tipg),
    Peer("django-vectortiles", "", _vectortiles),
    Peer("MapServer", "mapserv", _mapserver),
    Peer("martin", "martin", _martin),
    Peer("pg_tileserv", "pg_tileserv", _pg_tileserv),
    Peer("tegola", "tegola", _tegola),
)
