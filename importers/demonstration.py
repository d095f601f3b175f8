"""Two invented deliveries that wait to be checked: the page of imports shows what it is for."""

import json
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from importers.deliveries import receiving, storage
from importers.deliveries.receiving import Announced
from importers.models import Delivery, ImportRun
from layers.demonstration import Seeding
from layers.demonstration.seeding import HOME_COUNTY
from layers.models.access import User

NOTE = "演示数据，均为虚构"
ROWS = 24
WEST, SOUTH, STEP = 109.42, 28.52, 0.006


def seed(seeding: Seeding) -> dict[str, int]:
    """A list with a word that nobody knows, and one whose columns are called as people like."""
    made = [
        _deliver(seeding.actor, "toilets", "双龙镇户厕台账（演示）.geojson", _toilets()),
        _deliver(seeding.actor, "water-works", "花垣县供水工程（演示）.geojson", _water_works()),
    ]
    seeding.report(f"  imports: {len(made)} deliveries")
    return {"deliveries": len(made)}


def clear(actor: User) -> dict[str, int]:
    """With their runs; what was loaded stays, as all that is in the journal does."""
    del actor
    ours = Delivery.objects.filter(demonstration=True)
    for uid in ours.values_list("uid", flat=True):
        transaction.on_commit(partial(storage.remove, uid))
    ImportRun.objects.filter(delivery__in=ours).delete()
    count = ours.count()
    ours.delete()
    return {"deliveries": count}


def _deliver(actor: User, layer: str, name: str, rows: list[dict[str, Any]]) -> UUID:
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": {
                "type": "Point",
                "coordinates": [
                    round(WEST + number % 6 * STEP, 5),
                    round(SOUTH + number // 6 * STEP, 5),
                ],
            },
        }
        for number, row in enumerate(rows)
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    sent = content.encode()
    delivery = receiving.begin(
        actor=actor,
        layer=layer,
        division=HOME_COUNTY,
        files=[Announced(name, len(sent))],
        note=NOTE,
    )
    delivery.demonstration = True
    delivery.save(update_fields=["demonstration"])
    # The files come when the rows are sure to stay; a worker reads them then.
    transaction.on_commit(partial(_send, actor, delivery.uid, sent))
    return delivery.uid


def _send(actor: User, uid: UUID, sent: bytes) -> None:
    receiving.receive(actor=actor, uid=uid, number=1, offset=0, chunk=sent)
    receiving.complete(actor=actor, uid=uid)


def _toilets() -> list[dict[str, Any]]:
    kinds = ("三格化粪池", "双瓮漏斗式", "三格式", "水冲厕")
    return [
        {
            "厕所编号": f"演示{number + 1:03}",
            "类别": "户厕",
            "改厕类型": kinds[number % len(kinds)],
            "户主": f"演示户{number + 1}",
            "建成年度": 2019 + number % 4,
            "备注": "",
        }
        for number in range(ROWS)
    ]


def _water_works() -> list[dict[str, Any]]:
    kinds = ("千人工程", "百人以上", "其他集中")
    return [
        {
            "工程名称": f"演示{number + 1}号供水站",
            "工程类型": kinds[number % len(kinds)],
            "供水人口": 120 + number * 37,
        }
        for number in range(ROWS // 2)
    ]
