"""Why a single row may be outside Hunan although the file's datum is right: what to look at."""

import numpy as np
from numpy.typing import NDArray

from importers.phrases import Phrase, gettext_noop, said
from importers.places.datums import Datum, Ordinates
from importers.places.magnitudes import Look, looks
from importers.places.shapes import PointRows, RowShapes


def outside_hints(
    rows: RowShapes, numbers: NDArray[np.intp], datum: Datum | None
) -> list[Phrase | None]:
    """One for each of `numbers`; None where the ordinates tell nothing."""
    if not len(numbers):
        return []
    found = looks(_middles(rows, numbers))
    known: dict[tuple[int, bool, int], Phrase | None] = {}
    hints: list[Phrase | None] = []
    for look, swapped, zone in zip(found.look, found.swapped, found.zone, strict=True):
        key = (int(look), bool(swapped), int(zone))
        if key not in known:
            known[key] = _hint(Look(key[0]), key[1], key[2], datum)
        hints.append(known[key])
    return hints


def _middles(rows: RowShapes, numbers: NDArray[np.intp]) -> Ordinates:
    if isinstance(rows, PointRows):
        return rows.ordinates[numbers]
    west, south, east, north = rows.bounds()[numbers].T
    return np.column_stack([(west + east) / 2, (south + north) / 2])


def _hint(look: Look, swapped: bool, zone: int, datum: Datum | None) -> Phrase | None:
    geographic = datum is not None and datum.geographic
    if look is Look.ZERO:
        return said(gettext_noop("0, 0 is no place: leave it empty where it is not known."))
    if look is Look.NOTHING or datum is None:
        return None
    if swapped:
        return said(gettext_noop("In this row the two ordinates are exchanged."))
    if look is Look.DEGREES and not geographic:
        return said(gettext_noop("This row is in degrees, the others are in metres."))
    if look is not Look.DEGREES and geographic:
        return said(gettext_noop("This row is in metres, the others are in degrees."))
    if look is Look.ZONE:
        return said(
            gettext_noop("This row is in zone %(zone)d, the file is read as %(name)s."),
            zone=zone,
            name=datum.name,
        )
    if look is Look.PLANE and not geographic:
        return said(
            gettext_noop("The easting has no zone in front, or counts from another meridian.")
        )
    return None
