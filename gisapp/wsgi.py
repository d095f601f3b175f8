"""The WSGI entry for granian and any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisapp.settings")

django_application = get_wsgi_application()

# What needs Django's settings and models is imported when both are there.
from django.conf import settings  # noqa: E402

from tiles.hits.application import TileHits  # noqa: E402
from tiles.hits.store import TileStore  # noqa: E402

application = TileHits(
    django_application, TileStore(settings.TILE_CACHE, settings.TILE_CACHE_MB << 20)
)
