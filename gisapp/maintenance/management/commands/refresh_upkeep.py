"""manage.py refresh_upkeep: let the upkeep states follow the calendar now."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from gisapp.maintenance.reckoning import let_time_pass
from gisapp.maintenance.tasks import schedule_nightly


class Command(BaseCommand):
    help = "Reckon every upkeep state as of today, and see that it happens every night."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, help="as of this day (YYYY-MM-DD)")
        parser.add_argument(
            "--schedule-only", action="store_true", help="only see that the nightly task waits"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["schedule_only"]:
            for layer, count in let_time_pass(options["day"]).items():
                self.stdout.write(f"{layer}: {count}")
        if schedule_nightly(at_once=options["schedule_only"]):
            self.stdout.write("The nightly task was enqueued.")
