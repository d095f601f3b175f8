"""Every address of the service (design: stable)."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from gisapp import health
from gisapp.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/", api.urls),
    path("admin/", admin.site.urls),
    path("", include("layers.urls")),
    path("", include("tiles.urls")),
    path("", include("gisapp.web.urls")),
]
for part in ("projects", "maintenance", "verification", "zones"):
    if find_spec(f"gisapp.{part}.urls"):
        urlpatterns.append(path("", include(f"gisapp.{part}.urls")))
