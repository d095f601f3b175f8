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
YUAN_A_CUBIC_METRE = Label("元/立方米", "yuan/m³")
PERCENT = Label("%", "%")
PLACES = Label("个", "places")

ZERO = Decimal(0)
FIRST_YEAR = Decimal(1949)
LAST_YEAR = Decimal(2100)


def words(text: str) -> tuple[str, ...]:
    """Aliases, written with blanks between them."""
    return tuple(text.split())


def identity(
    name_label: Label,
    code_label: Label,
    *,
    name_required: bool = True,
    names: tuple[str, ...] = (),
    codes: tuple[str, ...] = (),
) -> tuple[Field, ...]:
    """The three fields every layer begins with; `names` and `codes` are what a layer adds to their
    aliases."""
    return (
        Field(
            "code",
            code_label,
            "identity",
            required=True,
            public=True,
            aliases=("编码", "编号", *codes),
        ),
        Field(
            "name",
            name_label,
            "identity",
            required=name_required,
            public=True,
            aliases=("名称", "mc", *names),
        ),
        Field(
            "division",
            Label("所属区划", "Division"),
            "identity",
            required=True,
            public=True,
            aliases=words(
                "行政区划代码 区划代码 地点 xzqdm 行政区划编码 区划编码 行政区划 区划 "
                "所属行政区 行政区代码 行政区 所在地 所在地区 地区 建设地点 项目地点 "
                "资产所在地 资产位置 工程地点 12位区划代码 行政村代码 村代码 村级代码 "
                "乡镇代码 县代码 xzqhdm xzdm cundm adcode"
            ),
        ),
    )


def year(name: str, label: Label, **more: str | bool | tuple[str, ...]) -> Field:
    return Field(name, label, year=True, minimum=FIRST_YEAR, maximum=LAST_YEAR, **more)  # type: ignore[arg-type]


KEEPER = Field(
    "keeper",
    Label("管护主体", "Keeper"),
    "responsibility",
    public=True,
    aliases=words("管养单位 管护单位 养护单位 管护责任主体 管护责任单位 管护方 管养主体"),
)
