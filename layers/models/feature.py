"""The abstract base of every spatial layer."""

from typing import Any

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db.models import F, Func, Q
from django.db.models.functions import Left, Now
from django.utils import timezone

from layers.crs import CGCS2000, WEB_MERCATOR

STORED_DATUM = f"EPSG:{CGCS2000}"


class UpkeepState(models.TextChoices):
    """How a feature is kept up, as of the last reckoning; it classifies the map."""

    OK = "ok"
    DUE = "due"
    OVERDUE = "overdue"
    DEFECTIVE = "defective"
    NONE = "none"


NEEDS_WORK = (UpkeepState.DUE, UpkeepState.OVERDUE, UpkeepState.DEFECTIVE)


class Method(models.TextChoices):
    """How a place became known."""

    SURVEY = "survey"
    PHONE = "phone"
    DIGITISED = "digitised"
    IMPORTED = "imported"
    GEOCODED = "geocoded"


def text_column(length: int) -> models.CharField[str, str]:
    """A text that may be empty, in the database's eyes too: bulk loads name only what they have."""
    return models.CharField(max_length=length, blank=True, default="", db_default="")


class Morton(Func):
    """layers_morton(geometry): the z24 Morton code of the middle of the geometry's box."""

    function = "layers_morton"
    output_field = models.BigIntegerField()


class Feature(models.Model):
    """What all layers share: identity, owner division, place and where it came from, upkeep.

    `geom` is declared by each layer, in EPSG:4490, and may be null: equity has no place, a located
    record can be awaited. A row is the current state only; its past is in the journal.
    """

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=64, db_collation="C")
    name = text_column(200)
    # No constraint in the database: the check would double the cost of a load of millions, and
    # the writers check codes against the tree themselves.
    division = models.ForeignKey(
        "layers.Division",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_column="division",
        db_index=False,
        related_name="+",
    )
    county = models.GeneratedField(
        expression=Left("division", 6),
        output_field=models.CharField(max_length=6, db_collation="C"),
        db_persist=True,
    )
    geom: Any
    geom_3857 = models.GeneratedField(
        expression=Transform("geom", WEB_MERCATOR),
        output_field=models.GeometryField(srid=WEB_MERCATOR, spatial_index=False),
        db_persist=True,
    )
    morton = models.GeneratedField(
        expression=Morton(F("geom")), output_field=models.BigIntegerField(), db_persist=True
    )
    source_datum = models.CharField(max_length=40, default=STORED_DATUM, db_default=STORED_DATUM)
    source_ordinates = models.TextField(blank=True, default="", db_default="")
    method = models.CharField(
        max_length=12,
        choices=Method.choices,
        default=Method.DIGITISED,
        db_default=Method.DIGITISED,
    )
    accuracy_m = models.FloatField(null=True, blank=True)
    personal = models.BinaryField(null=True, blank=True, editable=False)
    upkeep_state = models.CharField(
        max_length=10,
        choices=UpkeepState.choices,
        default=UpkeepState.NONE,
        db_default=UpkeepState.NONE,
        db_collation="C",
    )
    upkeep_due_on = models.DateField(null=True, blank=True)
    demonstration = models.BooleanField(default=False, db_default=False)
    version = models.PositiveIntegerField(default=1, db_default=1)
    changeset = models.ForeignKey(
        "layers.Changeset",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    created_at = models.DateTimeField(default=timezone.now, db_default=Now())
    updated_at = models.DateTimeField(default=timezone.now, db_default=Now())

    class Meta:
        abstract = True
        # Not unique=True: that would add a second index for LIKE, which the C collation has no
        # need of.
        constraints = [models.UniqueConstraint(fields=["code"], name="%(class)s_code")]
        indexes = [
            GistIndex(fields=["geom_3857"], name="%(class)s_geom"),
            # Grouped tiles and counts read only this index: place, division and state of a row.
            models.Index(
                fields=["morton"], include=["division", "upkeep_state"], name="%(class)s_morton"
            ),
            models.Index(fields=["division", "upkeep_state"], name="%(class)s_division"),
            # The work list: few rows need work at any time.
            models.Index(
                fields=["division", "upkeep_due_on"],
                name="%(class)s_work",
                condition=Q(upkeep_state__in=NEEDS_WORK),
            ),
            # Search inside names; most household records have none.
            GinIndex(
                fields=["name"],
                opclasses=["gin_trgm_ops"],
                name="%(class)s_name",
                condition=~Q(name=""),
            ),
            models.Index(fields=["changeset"], name="%(class)s_changeset"),
        ]

    def __str__(self) -> str:
        return self.name or self.code
