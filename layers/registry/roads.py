"""农村公路: rural roads by administrative class, technical grade and surface."""

from decimal import Decimal

from layers.models.road import Road
from layers.registry.shared import KEEPER, KILOMETRE, KILOMETRE_AN_HOUR, METRE, ZERO, identity, year
from layers.registry.specification import Field, Label, Layer, Style

ROADS = Layer(
    name="roads",
    model=Road,
    title=Label("农村公路", "Rural roads"),
    letter="R",
    classify="admin_class",
    style=Style(
        "#c2410c",
        {"county": "#b91c1c", "township": "#ea7317", "village": "#8a6d3b", "special": "#7c3aed"},
        icon="road",
    ),
    fields=(
        *identity(Label("路线名称", "Road name"), Label("路段编号", "Section code")),
        Field(
            "route_code", Label("路线编码", "Route code"), public=True, aliases=("路线编号", "lxbm")
        ),
        Field("section_no", Label("路段序号", "Section number")),
        Field(
            "admin_class",
            Label("行政等级", "Administrative class"),
            codes="road_admin_class",
            required=True,
            public=True,
            aliases=("xzdj",),
        ),
        Field("use", Label("道路用途", "Use"), codes="road_use", aliases=("用途",)),
        Field(
            "technical_grade",
            Label("技术等级", "Technical grade"),
            codes="road_grade",
            public=True,
            aliases=("jsdj",),
        ),
        Field(
            "surface",
            Label("面层类型", "Surface"),
            codes="road_surface",
            public=True,
            aliases=("路面类型", "mclx"),
        ),
        Field(
            "start_stake_km",
            Label("起点桩号", "Start stake"),
            unit=KILOMETRE,
            minimum=ZERO,
            aliases=("起点桩号",),
        ),
        Field(
            "end_stake_km",
            Label("止点桩号", "End stake"),
            unit=KILOMETRE,
            minimum=ZERO,
            aliases=("讫点桩号",),
        ),
        Field("start_name", Label("起点名称", "From"), public=True),
        Field("end_name", Label("止点名称", "To"), public=True, aliases=("讫点名称",)),
        Field(
            "length_m",
            Label("里程", "Length"),
            unit=METRE,
            minimum=ZERO,
            public=True,
            additive=True,
            aliases=("长度",),
        ),
        Field(
            "roadbed_width_m",
            Label("路基宽度", "Roadbed width"),
            unit=METRE,
            minimum=ZERO,
            maximum=Decimal(100),
            aliases=("路基宽",),
        ),
        Field(
            "surface_width_m",
            Label("路面宽度", "Surface width"),
            unit=METRE,
            minimum=ZERO,
            maximum=Decimal(100),
            public=True,
            aliases=("路面宽",),
        ),
        Field(
            "design_speed_kmh",
            Label("设计车速", "Design speed"),
            unit=KILOMETRE_AN_HOUR,
            minimum=ZERO,
            maximum=Decimal(120),
        ),
        Field(
            "lanes", Label("车道数", "Lanes"), minimum=ZERO, maximum=Decimal(12), aliases=("车道",)
        ),
        year("built_year", Label("修建年度", "Built in"), aliases=("修建年份",)),
        year("rebuilt_year", Label("改建年度", "Rebuilt in"), aliases=("改建年份",)),
        Field("dead_end", Label("断头路", "Dead end")),
        Field("repeated", Label("重复路段", "Shared with another route"), aliases=("重复路线",)),
        Field("all_weather", Label("晴雨通车", "All-weather")),
        Field(
            "mqi",
            Label("技术状况指数 MQI", "Condition index MQI"),
            minimum=ZERO,
            maximum=Decimal(100),
            aliases=("MQI",),
        ),
        Field("condition_standard", Label("评定标准", "Rating standard"), codes="road_standard"),
        KEEPER,
        Field("road_chief", Label("路长", "Road chief"), "responsibility", public=True),
        Field("listed_for_upkeep", Label("列养", "Listed for upkeep"), "responsibility"),
    ),
)
