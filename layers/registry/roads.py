"""农村公路: rural roads by administrative class, technical grade and surface."""

from decimal import Decimal

from layers.models.road import Road
from layers.registry.shared import (
    KEEPER,
    KILOMETRE,
    KILOMETRE_AN_HOUR,
    METRE,
    ZERO,
    identity,
    words,
    year,
)
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
        *identity(
            Label("路线名称", "Road name"),
            Label("路段编号", "Section code"),
            names=words("道路名称 公路名称 线路名称 路名 路段名称"),
            codes=(
                "路段编码",
                "路段代码",
                "路段编号代码",
            ),
        ),
        Field(
            "route_code",
            Label("路线编码", "Route code"),
            public=True,
            aliases=words("路线编号 lxbm 路线代码 线路编码 线路编号 公路编号"),
        ),
        Field(
            "section_no",
            Label("路段序号", "Section number"),
            aliases=(
                "路段号",
                "路段顺序号",
                "ldxh",
            ),
        ),
        Field(
            "admin_class",
            Label("行政等级", "Administrative class"),
            codes="road_admin_class",
            required=True,
            public=True,
            aliases=words("xzdj 公路行政等级 道路行政等级 路线行政等级 行政级别 路线性质"),
        ),
        Field(
            "use",
            Label("道路用途", "Use"),
            codes="road_use",
            aliases=words("用途 公路用途 使用性质 道路功能"),
        ),
        Field(
            "technical_grade",
            Label("技术等级", "Technical grade"),
            codes="road_grade",
            public=True,
            aliases=words("jsdj 公路等级 公路技术等级 道路等级 道路技术等级 路线技术等级"),
        ),
        Field(
            "surface",
            Label("面层类型", "Surface"),
            codes="road_surface",
            public=True,
            aliases=words("路面类型 mclx 路面面层类型 面层 路面结构 路面材料 路面 铺装类型 lmlx"),
        ),
        Field(
            "start_stake_km",
            Label("起点桩号", "Start stake"),
            unit=KILOMETRE,
            minimum=ZERO,
            aliases=words("起始桩号 起桩号 起点桩 qdzh"),
        ),
        Field(
            "end_stake_km",
            Label("止点桩号", "End stake"),
            unit=KILOMETRE,
            minimum=ZERO,
            aliases=words("讫点桩号 终点桩号 止桩号 终止桩号 止点桩 zdzh"),
        ),
        Field(
            "start_name",
            Label("起点名称", "From"),
            public=True,
            aliases=words("起点 起点地名 起始地点 起点位置 起始点"),
        ),
        Field(
            "end_name",
            Label("止点名称", "To"),
            public=True,
            aliases=words("讫点名称 终点名称 止点 终点 讫点 终点地名 终止地点 终点位置"),
        ),
        Field(
            "length_m",
            Label("里程", "Length"),
            unit=METRE,
            minimum=ZERO,
            public=True,
            additive=True,
            aliases=words(
                "长度 路线里程 路段里程 路线长度 路段长度 道路长度 公路里程 里程长度 "
                "通车里程 全长 总里程 lc"
            ),
        ),
        Field(
            "roadbed_width_m",
            Label("路基宽度", "Roadbed width"),
            unit=METRE,
            minimum=ZERO,
            maximum=Decimal(100),
            aliases=(
                "路基宽",
                "平均路基宽度",
            ),
        ),
        Field(
            "surface_width_m",
            Label("路面宽度", "Surface width"),
            unit=METRE,
            minimum=ZERO,
            maximum=Decimal(100),
            public=True,
            aliases=words("路面宽 平均路面宽度 路宽 道路宽度"),
        ),
        Field(
            "design_speed_kmh",
            Label("设计车速", "Design speed"),
            unit=KILOMETRE_AN_HOUR,
            minimum=ZERO,
            maximum=Decimal(120),
            aliases=words("设计速度 设计时速 设计行车速度 车速"),
        ),
        Field(
            "lanes",
            Label("车道数", "Lanes"),
            minimum=ZERO,
            maximum=Decimal(12),
            aliases=(
                "车道",
                "车道数量",
                "车道数目",
            ),
        ),
        year(
            "built_year",
            Label("修建年度", "Built in"),
            aliases=words(
                "修建年份 建成年度 建成年份 建设年度 建设年份 通车年度 通车年份 修建时间 建成时间"
            ),
        ),
        year(
            "rebuilt_year",
            Label("改建年度", "Rebuilt in"),
            aliases=words("改建年份 改造年度 改造年份 改扩建年度 改建时间 大修年度"),
        ),
        Field(
            "dead_end",
            Label("断头路", "Dead end"),
            aliases=(
                "断头",
                "是否断头",
                "断头路段",
            ),
        ),
        Field(
            "repeated",
            Label("重复路段", "Shared with another route"),
            aliases=words("重复路线 重复 重复里程路段 共线路段 重复路"),
        ),
        Field(
            "all_weather",
            Label("晴雨通车", "All-weather"),
            aliases=(
                "晴雨通行",
                "晴雨天通车",
                "全天候通车",
            ),
        ),
        Field(
            "mqi",
            Label("技术状况指数 MQI", "Condition index MQI"),
            minimum=ZERO,
            maximum=Decimal(100),
            aliases=words("MQI 技术状况 技术状况指数 公路技术状况指数 路况指数"),
        ),
        Field(
            "condition_standard",
            Label("评定标准", "Rating standard"),
            codes="road_standard",
            aliases=(
                "评定规范",
                "检测标准",
                "技术标准",
            ),
        ),
        KEEPER,
        Field(
            "road_chief",
            Label("路长", "Road chief"),
            "responsibility",
            public=True,
            aliases=words("路长姓名 县乡村路长 三级路长 村级路长"),
        ),
        Field(
            "listed_for_upkeep",
            Label("列养", "Listed for upkeep"),
            "responsibility",
            aliases=words("纳入列养 列养情况 列养路段 养护里程列养"),
        ),
    ),
)
