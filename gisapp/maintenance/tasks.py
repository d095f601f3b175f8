"""The nightly reckoning: due days come closer, and nobody has to look for the state to follow."""

from datetime import time

from django_tasks import task

from gisapp.maintenance.reckoning import let_time_pass
from layers import nightly as every_night

AT = time(0, 10)


@task()
def nightly() -> dict[str, int]:
    """Let time pass, and come again the next night, also when this night fails."""
    schedule_nightly()
    return let_time_pass()


def schedule_nightly(*, at_once: bool = False) -> bool:
    """Returns whether it was enqueued: not where it waits already."""
    return every_night.schedule(nightly, AT, at_once=at_once)
