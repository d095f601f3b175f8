import os, time
import django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisapp.settings")
django.setup()
from tests.bench import _scratch, _tile_data
t=time.time()
with _scratch.scratch_database(keep=True):
    print("db", time.time()-t, flush=True)
    _tile_data.fill(int(os.environ["BENCH_ROWS"]), int(os.environ["BENCH_LINES"]))
    print("filled", time.time()-t, flush=True)
    print(_tile_data.build())
    print(_tile_data.LINES.rows.count(), _tile_data.POINTS.rows.count())
