"""农村供水: water works, whom they serve and who answers for them."""

from decimal import Decimal

from layers.models.water import WaterWork
from layers.registry.shared import (
    CUBIC_METRE_A_DAY,
    HOUSEHOLDS,
    PEOPLE,
    PERCENT,
    PLACES,
    YUAN_A_CUBIC_METRE,
    ZERO,
    identity,
    words,
    year,
)
from layers.registry.specification import Field, Label, Layer, Style

WATER_WORKS = Layer(
    name="water-works",
    model=WaterWork,
    title=Label("农村供水工程", "Water works"),
    letter="W",
    classify="kind",
    style=Style(
        "#0369a1",
        {
            "urban_extension": "#1e3a8a",
            "over_10000": "#1d4ed8",
            "over_1000": "#0284c7",
            "over_100": "#0891b2",
            "other_central": "#0d9488",
            "scattered": "#64748b",
        },
        icon="drop",
    ),
    fields=(
        *identity(
            Label("工程名称", "Name"),
            Label("工程编码", "Code"),
            names=words("水厂名称 供水工程名称 供水工程 水厂 工程项目名称"),
            codes=words("工程编号 工程代码 供水工程编码 供水工程编号"),
        ),
        Field(
            "kind",
            Label("工程类型", "Kind"),
            codes="water_kind",
            required=True,
            public=True,
            aliases=words("类型 供水类型 供水工程类型 供水方式 工程类别 工程分类 供水工程类别"),
        ),
        Field(
            "daily_capacity_m3",
            Label("设计供水规模", "Design capacity"),
            unit=CUBIC_METRE_A_DAY,
            minimum=ZERO,
            public=True,
            aliases=words(
                "供水规模 设计规模 日供水量 日供水能力 供水能力 设计供水能力 日供水规模 规模"
            ),
        ),
        Field(
            "water_source",
            Label("水源类型", "Source"),
            codes="water_source",
            aliases=words("水源 水源类别 水源种类 取水水源"),
        ),
        Field(
            "disinfection",
            Label("消毒方式", "Disinfection"),
            codes="disinfection",
            aliases=words("消毒 消毒设备 消毒措施 消毒设施 消毒方法"),
        ),
        Field(
            "tested_on",
            Label("最近检测日期", "Last test"),
            aliases=words(
                "检测日期 检测时间 水质检测日期 水质检测时间 检测报告日期 最近检测时间 "
                "最近一次检测日期"
            ),
        ),
        Field(
            "quality_ok",
            Label("水质达标", "Quality meets the standard"),
            aliases=words("水质 水质合格 水质情况 水质检测结果 水质评价"),
        ),
        Field(
            "quantity_ok",
            Label("水量", "Quantity"),
            codes="water_grade",
            aliases=(
                "水量达标",
                "水量情况",
                "水量评价",
            ),
        ),
        Field(
            "convenience",
            Label("用水方便程度", "Convenience"),
            codes="water_grade",
            aliases=words("方便程度 用水方便 取水方便程度 用水方便程度评价"),
        ),
        Field(
            "reliability_pct",
            Label("供水保证率", "Reliability"),
            unit=PERCENT,
            minimum=ZERO,
            maximum=Decimal(100),
            aliases=words("保证率 供水保证程度 水源保证率 供水保障率"),
        ),
        Field(
            "water_fee_per_m3",
            Label("水价", "Water price"),
            "money",
            unit=YUAN_A_CUBIC_METRE,
            minimum=ZERO,
            aliases=words("水费 执行水价 水费标准 水价标准 收费标准 供水价格"),
        ),
        Field(
            "people_served",
            Label("供水人口", "People served"),
            "service",
            unit=PEOPLE,
            minimum=ZERO,
            public=True,
            aliases=words(
                "受益人口 供水人数 受益人数 覆盖人口 服务人口 供水覆盖人口 实际供水人口 受益总人口"
            ),
        ),
        Field(
            "households_served",
            Label("供水户数", "Households served"),
            "service",
            unit=HOUSEHOLDS,
            minimum=ZERO,
            aliases=words("受益户数 覆盖户数 服务户数 供水总户数 受益农户"),
        ),
        Field(
            "natural_villages_served",
            Label("覆盖自然村", "Natural villages served"),
            "service",
            unit=PLACES,
            minimum=ZERO,
            aliases=words("自然村数 覆盖自然村数 受益自然村 受益自然村数 供水自然村数"),
        ),
        Field(
            "unmanaged",
            Label("失管", "Unmanaged"),
            "responsibility",
            aliases=(
                "失管工程",
                "无人管护",
                "失管失修",
            ),
        ),
        Field(
            "responsible_government",
            Label("主体责任单位", "Responsible government"),
            "responsibility",
            public=True,
            aliases=words("地方政府主体责任 政府主体责任 主体责任 责任主体 政府主体 地方政府主体"),
        ),
        Field(
            "supervisor",
            Label("行业监管单位", "Supervisor"),
            "responsibility",
            public=True,
            aliases=words("监管单位 水行政主管部门 行业主管部门 监管责任 监管责任单位 行业监管"),
        ),
        Field(
            "operator",
            Label("供水管理单位", "Operator"),
            "responsibility",
            public=True,
            aliases=words(
                "供水单位 管护主体 运行管理单位 运管单位 管理单位 供水运行单位 "
                "水厂管理单位 运行单位"
            ),
        ),
        Field(
            "upkeep_score",
            Label("管护评分", "Upkeep score"),
            "responsibility",
            minimum=ZERO,
            maximum=Decimal(100),
            aliases=words("评分 管护得分 考核得分 管护考核得分 得分"),
        ),
        year(
            "built_year",
            Label("建成年度", "Built in"),
            aliases=words("建成年份 建设年度 建设年份 建成时间 投产年份 竣工年份"),
        ),
    ),
)
