"""The datums that a person may choose from, in words."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from importers.places.datum_names import BD09, DATUM_NAMES, GCJ02, LOCAL_DATUM_NAMES
from importers.places.labels import label

DatumGroup = tuple[str | Promise, list[tuple[str, str]]]


def datums_offered() -> list[DatumGroup]:
    """What needs nothing further, and what needs parameters or an accepted error."""
    plain = [f"EPSG:{number}" for number in DATUM_NAMES.values()]
    local = [f"EPSG:{number}" for number in LOCAL_DATUM_NAMES.values()]
    return [
        (gettext_lazy("National and world datums"), _labelled([*plain, GCJ02, BD09])),
        (gettext_lazy("Old datums: parameters needed"), _labelled(local)),
    ]


def plain_datums() -> list[DatumGroup]:
    """What a raster can be in: an offset would bend it, and an old datum has no parameters."""
    plain = [f"EPSG:{number}" for number in DATUM_NAMES.values()]
    return [(gettext_lazy("National and world datums"), _labelled(plain))]


def _labelled(references: Iterable[str]) -> list[tuple[str, str]]:
    return [
        (each, f"{label(each)} · {each}" if ":" in each else str(label(each)))
        for each in references
    ]
