"""Where the places of the map are: the whole extent, the zones, and points for county names."""

from dataclasses import asdict, dataclass

from django.contrib.gis.db.models import Extent
from django.contrib.gis.db.models.functions import Centroid, PointOnSurface
from django.contrib.gis.geos import Point
from django.db.models import Case, F, Q, When
from django.utils.translation import get_language

from layers.models import Division, Zone

# The two areas that the province's plan puts first.
EMPHASISED = {"wuling": 0, "luoxiao": 1}

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ZonePlace:
    """`bbox` is west, south, east, north in degrees."""

    code: str
    name: str
    bbox: Box | None


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """A division and the point its name is written at."""

    code: str
    name: str
    level: str
    lon: float
    lat: float


def whole_extent() -> Box | None:
    """The box around every county; None before the reference data are loaded."""
    extent: Box | None = Division.objects.filter(level=Division.Level.COUNTY).aggregate(
        box=Extent("boundary")
    )["box"]
    return extent


def zone_places() -> list[ZonePlace]:
    chinese = (get_language() or "zh").startswith("zh")
    zones = Zone.objects.filter(valid_to__isnull=True).annotate(box=Extent("boundary"))
    places = [
        ZonePlace(zone.code, zone.name if chinese or not zone.name_en else zone.name_en, zone.box)
        for zone in zones
    ]
    return sorted(
        places, key=lambda place: (EMPHASISED.get(place.code, len(EMPHASISED)), place.code)
    )


def label_places() -> list[LabelPlace]:
    """Centroids where they fall inside, else some point inside: 122 counties, 14 prefectures."""
    divisions = (
        Division.objects.filter(
            Q(level=Division.Level.COUNTY) | Q(level=Division.Level.PREFECTURE),
            boundary__isnull=False,
            valid_to__isnull=True,
        )
        .annotate(middle=Centroid("boundary"))
        .annotate(
            label=Case(
                When(boundary__contains=F("middle"), then=F("middle")),
                default=PointOnSurface("boundary"),
            )
        )
        .order_by("code")
        .values_list("code", "name", "level", "label")
    )
    return [
        LabelPlace(code, name, level, round(point.x, 5), round(point.y, 5))
        for code, name, level, point in divisions
        if isinstance(point, Point)
    ]


def all_places() -> dict[str, object]:
    return {
        "extent": whole_extent(),
        "zones": [asdict(place) for place in zone_places()],
        "labels": [asdict(place) for place in label_places()],
    }
