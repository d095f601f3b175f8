"""An interpretation survives the way to JSON and back, as runs and profiles keep it."""

import json
from decimal import Decimal

from importers.interpretation import (
    ColumnChoice,
    Helmert,
    Interpretation,
    Missing,
    PlaceReading,
    PlaceSource,
)


def test_an_interpretation_comes_back_from_json_as_it_was():
    whole = Interpretation(
        table="表1",
        place=PlaceReading(
            source=PlaceSource.COLUMNS,
            x="经度",
            y="纬度",
            datum="EPSG:2361",
            parameters=Helmert(1.5, -2, 3, scale=0.1),
        ),
        columns={"length_m": ColumnChoice("里程(公里)", 0.9, "label", Decimal(1000))},
        values={"surface": {"砼路": "cement"}},
        divisions={"双龙": "433124110000"},
        within="433124000000",
        key=("code",),
        missing=Missing.DELETE,
        division_columns=("县", "乡镇", "村"),
    )
    assert Interpretation.from_json(json.loads(json.dumps(whole.as_json()))) == whole
    plain = Interpretation()
    assert Interpretation.from_json(json.loads(json.dumps(plain.as_json()))) == plain
