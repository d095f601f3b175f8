"""Fields and units that several layers share."""

from decimal import Decimal

from layers.registry.specification import Field, Label

YUAN = Label("元", "yuan")
METRE = Label("米", "m")
SQUARE_METRE = Label("平方米", "m²")
CUBIC_METRE = Label("立方米", "m³")
CUBIC_METRE_A_DAY = Label("立方米/日", "m³/day")
KILOMETRE = Label("公里", "km")
KILOMETRE_AN_HOUR = Label("公里/小时", "km/h")
HOUSEHOLDS = Label("户", "households")
PEOPLE = Label("人", "people")
DWELLINGS = Label("套", "dwellings")
PERCENT = Label("%", "%")
PLACES = Label("个", "places")

ZERO = Decimal(0)
FIRST_YEAR = Decimal(1949)
LAST_YEAR = Decimal(2100)


def identity(
    name_label: Label, code_label: Label, *, name_required: bool = True
) -> tuple[Field, ...]:
    """The three fields every layer begins with."""
    return (
        Field("code", code_label, "identity", required=True, public=True, aliases=("编码", "编号")),
        Field(
            "name",
            name_label,
            "identity",
            required=name_required,
            public=True,
            aliases=("名称", "mc"),
        ),
        Field(
            "division",
            Label("所属区划", "Division"),
            "identity",
            required=True,
            public=True,
            aliases=("行政区划代码", "区划代码", "地点", "xzqdm"),
        ),
    )


def year(name: str, label: Label, **more: str | bool | tuple[str, ...]) -> Field:
    return Field(name, label, year=True, minimum=FIRST_YEAR, maximum=LAST_YEAR, **more)  # type: ignore[arg-type]


KEEPER = Field(
    "keeper",
    Label("管护主体", "Keeper"),
    "responsibility",
    public=True,
    aliases=("管养单位", "管护单位"),
)
