"""django-vectortiles as its documentation shows it. Runs in the peers' environment, by uvicorn."""

import os
from urllib.parse import urlsplit

import django
from django.conf import settings

url = urlsplit(os.environ["BENCH_DATABASE"])
place = dict(pair.split("=", 1) for pair in url.query.split("&"))
settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": {
            "ENGINE": "django.contrib.gis.db.backends.postgis",
            "NAME": url.path.lstrip("/"),
            "USER": url.username or "",
            "PASSWORD": url.password or "",
            "HOST": place["host"],
            "PORT": place["port"],
            "CONN_MAX_AGE": 600,
        }
    },
    INSTALLED_APPS=["django.contrib.gis", "vectortiles"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from django.contrib.gis.db import models  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from vectortiles import VectorLayer  # noqa: E402
from vectortiles.views import MVTView  # noqa: E402


class Point(models.Model):
    """The relation that all peers look at."""

    state = models.TextField()
    name = models.TextField()
    geom = models.PointField(srid=3857)

    class Meta:
        app_label = "gis"
        managed = False
        db_table = os.environ["BENCH_TABLE"]


class Points(VectorLayer):
    model = Point
    id = "points"
    tile_fields = ("id", "state", "name")


class Tiles(MVTView):
    layer_classes = [Points]


urlpatterns = [
    path("healthz", lambda _request: HttpResponse("ok")),
    path("tiles/<int:z>/<int:x>/<int:y>", Tiles.as_view()),
]
application = get_asgi_application()
