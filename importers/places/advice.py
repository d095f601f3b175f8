"""What ordinates without a known or fitting datum look like, in words."""

from dataclasses import dataclass

import numpy as np
import shapely

from importers.phrases import Phrase, gettext_noop, said
from importers.places.datums import Datum, Ordinates, Shapes, rejected
from importers.places.magnitudes import Look, looks
from layers.crs import CGCS2000, WEB_MERCATOR
from layers.errors import Rejected

EPSG_OF_ZONE = {36: 4524, 37: 4525, 38: 4526, 19: 4497, 20: 4498}


@dataclass(frozen=True, slots=True)
class Appearance:
    """What ordinates look like; `epsg` is 0 where the magnitudes leave it open."""

    text: Phrase
    epsg: int = 0


def looks_like(sample: Shapes) -> Appearance | None:
    """Of shapes in an unknown datum, from magnitudes; never applied by itself."""
    return appearance(shapely.get_coordinates(sample))


def appearance(ordinates: Ordinates) -> Appearance | None:
    """Of ordinates of shape (n, 2) in an unknown datum; None where they look like nothing."""
    look, swapped, zone = looks(ordinates[np.isfinite(ordinates).all(axis=1)]).main()
    if look is Look.NOTHING:
        return None
    found = _appearance(look, zone)
    if not swapped:
        return found
    return Appearance(
        said(
            gettext_noop(
                "The columns look swapped (survey tables call north X); otherwise: %(text)s"
            ),
            text=found.text,
        )
    )


def _appearance(look: Look, zone: int) -> Appearance:
    if look is Look.DEGREES:
        text = gettext_noop("longitude and latitude in degrees, as in cgcs2000 or wgs84")
        return Appearance(said(text), CGCS2000)
    if look is Look.MERCATOR:
        return Appearance(said(gettext_noop("Web Mercator")), WEB_MERCATOR)
    if look is Look.ZONE:
        text = gettext_noop(
            "plane ordinates whose eastings begin with zone %(zone)d: EPSG:%(epsg)d if they are"
            " CGCS2000 (Xian 1980 and Beijing 1954 look the same)"
        )
        epsg = EPSG_OF_ZONE[zone]
        return Appearance(said(text, zone=zone, epsg=epsg), epsg)
    text = gettext_noop(
        "plane ordinates without a zone: state which central meridian it is, 108°, 111° or 114°"
    )
    return Appearance(said(text))


def missing(sample: Shapes) -> Rejected:
    """The refusal of a file that states no datum, with what its ordinates look like."""
    return rejected(
        said(gettext_noop("The file does not say which datum its ordinates are in.")),
        advice(shapely.get_coordinates(sample)),
    )


def mismatched(datum: Datum, sample: Shapes) -> Rejected | None:
    """A refusal if none of the places falls near Hunan, but would in another datum."""
    found = looks_like(sample)
    if not found or f"EPSG:{found.epsg}" == datum.name:
        return None
    return far_from_hunan(datum, shapely.get_coordinates(sample))


def far_from_hunan(datum: Datum, ordinates: Ordinates) -> Rejected:
    return rejected(
        said(gettext_noop("Read as %(name)s, none of the places is near Hunan."), name=datum.name),
        advice(ordinates),
    )


def advice(ordinates: Ordinates) -> Phrase:
    found = appearance(ordinates)
    if found is None:
        return said(gettext_noop("Ask whoever made the file, and state its datum."))
    return said(
        gettext_noop("Ask whoever made the file. They look like %(text)s."), text=found.text
    )
