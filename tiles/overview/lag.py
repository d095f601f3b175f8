"""How far the fold is behind: deltas that wait, and how long the oldest has."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Lag:
    """Deltas that are not folded, of all layers together, and the age of the oldest in seconds."""

    deltas: int
    seconds: float


def lag() -> Lag:
    """What waits nowhere is 0 old. One scan of a small table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0)"
            " FROM tiles_cell_delta"
        )
        count, age = cursor.fetchone()
    return Lag(count, float(age))
