"""Loads the shipped reference data: divisions, county boundaries, zones, code lists.

Idempotent: a digest of the shipped files is kept in the database, and nothing is done while it is
the same. Values that a bureau has revised (names, validity, members) are its own: only what is
missing is added, except boundaries and labels, which follow the shipped files.
"""

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection, transaction
from shapely import from_wkb, make_valid, to_wkb, union_all
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from layers.crs import CGCS2000
from layers.models.code import CodeItem
from layers.models.division import Division
from layers.models.zone import Zone, ZoneMember
from layers.reference.contributions import contributions

FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    name_en: str
    programme: str
    since: str


ZONES = {
    "wuling": ZoneFacts(
        "Wuling Mountains area (Hunan)", "环十八洞村大湘西巩固脱贫成果示范区", "2011-10-22"
    ),
    "luoxiao": ZoneFacts("Luoxiao Mountains area (Hunan)", "罗霄山片区", "2011-12-06"),
    "xiangganbian": ZoneFacts(
        "Hunan-Jiangxi border demonstration zone (Hunan part)",
        "湘赣边乡村振兴先行示范区",
        "2020-01-01",
    ),
}


def rows_of(name: str) -> Iterator[dict[str, str]]:
    return rows_in(FOLDER / name)


def rows_in(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def digest() -> str:
    """One digest over every shipped file, the apps' own too."""
    contributed = [path for each in contributions() for path in each.files]
    found = hashlib.sha256()
    for path in [*sorted(FOLDER.iterdir()), *contributed]:
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


@transaction.atomic
def load_divisions() -> int:
    source = [
        Division(code=r["code"], name=r["name"], level=r["level"], parent_id=r["parent"] or None)
        for r in rows_of("hunan_divisions.csv")
    ]
    known = set(Division.objects.values_list("code", flat=True))
    return len(
        Division.objects.bulk_create(
            [each for each in source if each.code not in known], batch_size=5000
        )
    )


@transaction.atomic
def load_boundaries() -> int:
    """County polygons as shipped; prefectures and the province dissolved from them."""
    collection = json.loads((FOLDER / "hunan_counties.geojson").read_text(encoding="utf-8"))
    shapes = {
        feature["properties"]["code"]: shape(feature["geometry"])
        for feature in collection["features"]
    }
    for code, boundary in shapes.items():
        Division.objects.filter(pk=f"{code}000000").update(boundary=stored(boundary))
    for prefix in {code[:digits] for code in shapes for digits in (2, 4)}:
        inside = [each for code, each in shapes.items() if code.startswith(prefix)]
        Division.objects.filter(pk=prefix.ljust(12, "0")).update(boundary=dissolved(inside))
    return len(shapes)


def dissolved(shapes: list[BaseGeometry]) -> MultiPolygon:
    """The union of polygons, without the slivers that a union of neighbours can leave."""
    return stored(make_valid(union_all(shapes)))


def stored(boundary: BaseGeometry) -> MultiPolygon:
    """A polygon or multi-polygon as the MultiPolygon in EPSG:4490 that the tables keep."""
    geometry = GEOSGeometry(memoryview(to_wkb(boundary)), srid=CGCS2000)
    if isinstance(geometry, MultiPolygon):
        return geometry
    return MultiPolygon(geometry, srid=CGCS2000)


@transaction.atomic
def load_zones() -> int:
    for row in rows_of("zones.csv"):
        facts = ZONES[row["zone"]]
        zone, _created = Zone.objects.get_or_create(
            code=row["zone"],
            defaults={
                "name": row["zone_name"],
                "name_en": facts.name_en,
                "programme": facts.programme,
                "valid_from": facts.since,
                "source": "published county lists of 2011 and 2020",
            },
        )
        ZoneMember.objects.get_or_create(
            zone=zone,
            division_id=f"{row['county_code']}000000",
            defaults={"valid_from": facts.since},
        )
    for zone in Zone.objects.filter(boundary__isnull=True):
        members = Division.objects.filter(zones__zone=zone, boundary__isnull=False)
        boundaries = members.values_list("boundary", flat=True)
        zone.boundary = dissolved([from_wkb(bytes(each.wkb)) for each in boundaries if each])
        zone.save(update_fields=["boundary"])
    return Zone.objects.count()


@transaction.atomic
def load_code_lists(path: Path = FOLDER / "code_lists.csv") -> int:
    for position, row in enumerate(rows_in(path)):
        CodeItem.objects.update_or_create(
            list_name=row["list"],
            code=row["code"],
            defaults={
                "zh": row["zh"],
                "en": row["en"],
                "synonyms": [part for part in row["synonyms"].split(";") if part],
                "position": position,
            },
        )
    return CodeItem.objects.count()


STEPS = {
    "divisions": load_divisions,
    "boundaries": load_boundaries,
    "zones": load_zones,
    "code lists": load_code_lists,
}


def loaded_digest() -> str | None:
    """The digest of what the database was last loaded from; kept as the table's comment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('layers_division'::regclass)")
        row = cursor.fetchone()
    return row[0] if row else None


def remember_digest(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON TABLE layers_division IS %s", [value])
