"""A delivery of the scene: read, tried once; with persons in its rows and its rejected rows."""

import uuid
from datetime import timedelta
from typing import Any

import pyarrow as pa
from django.utils import timezone

from importers.deliveries import kept, reading, storage
from importers.deliveries.kept import Sample
from importers.models import Delivery, DeliveryFile, ImportRun
from importers.readers.specification import Column, SourceDescription
from layers.models import User


def deliver(actor: User, division: str, persons: dict[str, str]) -> dict[str, uuid.UUID]:
    """The uids of a delivery and of its run. `persons` are values that nobody may see."""
    delivery = Delivery.objects.create(
        owner=actor,
        name="户厕台账.geojson",
        layer="toilets",
        division_id=division,
        state=Delivery.State.OPEN,
        size=10,
        sha256="0" * 64,
        purge_on=timezone.localdate() + timedelta(days=30),
    )
    DeliveryFile.objects.create(
        delivery=delivery, number=1, name="户厕台账.geojson", stored="1.geojson", size=10
    )
    storage.prepare(delivery.uid)
    kept.keep_sample(delivery.uid, sample_of(persons))
    reading.reconsidered(delivery)
    run = ImportRun.objects.create(
        delivery=delivery,
        actor=actor,
        layer="toilets",
        interpretation={},
        dry_run=True,
        state=ImportRun.State.DONE,
        report=report_of(persons),
        has_rejects=True,
    )
    storage.private_file(
        storage.run_folder(delivery.uid, run.uid) / "rejects.xlsx", str(persons).encode()
    )
    return {"delivery": delivery.uid, "import_run": run.uid}


def sample_of(persons: dict[str, str]) -> Sample:
    cells = {
        "类别": ["户厕"],
        "户主": [persons["householder"]],
        "身份证号": [persons["id_number"]],
        "其他": [f"联系{persons['phone']}"],
        "__geometry__": [None],
    }
    types = [(name, pa.binary() if name == "__geometry__" else pa.string()) for name in cells]
    batch = pa.RecordBatch.from_pydict(cells, schema=pa.schema(types))
    columns = tuple(Column(name, "string") for name in cells if name != "__geometry__")
    return Sample(
        SourceDescription("GeoJSON", columns, None, None, False, "UTF-8", "", 1), (batch,), True
    )


def report_of(persons: dict[str, str]) -> dict[str, Any]:
    reason = f"“{persons['id_number']}”"
    change = {"field": "householder", "old": persons["householder"], "new": persons["householder"]}
    return {
        "read": 1,
        "loaded": 0,
        "rejected": 1,
        "changed": 1,
        "rejected_rows": [{"row": 1, "text": {"zh": reason, "en": reason}}],
        "changed_rows": [{"row": 2, "code": persons["phone"], "changes": [change]}],
    }
