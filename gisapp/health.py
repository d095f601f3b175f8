"""Is the process alive, is the service ready, and how does it fare."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

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
    lines = [
        "# HELP xiangcun_tasks Background tasks by status.",
        "# TYPE xiangcun_tasks gauge",
    ]
    by_status = DBTaskResult.objects.order_by("status").values_list("status")
    counted = by_status.annotate(count=Count("pk"))
    lines += [f'xiangcun_tasks{{status="{name.lower()}"}} {count}' for name, count in counted]
    return HttpResponse("\n".join([*lines, ""]), content_type=METRICS_TYPE)
