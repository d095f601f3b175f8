"""Is the process alive, is the service ready, and how does it fare."""

from collections.abc import Iterator

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from tiles.overview.lag import lag

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "alive"})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and its tables are those of this version, else 503."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    if missing:
        return JsonResponse({"status": "migrations are missing"}, status=503)
    return JsonResponse({"status": "ready"})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for a monitoring system, in Prometheus' text format; the proxy keeps them inside."""
    lines = [*_tasks(), *_overview(), ""]
    return HttpResponse("\n".join(lines), content_type=METRICS_TYPE)


def _tasks() -> Iterator[str]:
    by_status = DBTaskResult.objects.order_by("status").values_list("status")
    counted = by_status.annotate(count=Count("pk"))
    yield from _gauge("xiangcun_tasks", "Background tasks by status.")
    for name, count in counted:
        yield f'xiangcun_tasks{{status="{name.lower()}"}} {count}'


def _overview() -> Iterator[str]:
    waiting = lag()
    yield from _gauge("xiangcun_overview_deltas", "Changes that the overview has not folded.")
    yield f"xiangcun_overview_deltas {waiting.deltas}"
    yield from _gauge("xiangcun_overview_lag_seconds", "Age of the oldest of them; 0 for none.")
    yield f"xiangcun_overview_lag_seconds {waiting.seconds}"


def _gauge(name: str, about: str) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} gauge"
