"""扶贫项目资产: the ledger of what projects left behind."""

from layers.models.asset import Asset
from layers.registry.shared import KEEPER, YUAN, ZERO, identity, words, year
from layers.registry.specification import Field, Label, Layer, Style

ASSETS = Layer(
    name="assets",
    model=Asset,
    title=Label("帮扶项目资产", "Assets"),
    letter="A",
    classify="asset_class",
    geometry_may_be_empty=True,
    disclosed_values=("asset_class", frozenset({"public", "operating"})),
    style=Style(
        "#7e22ce",
        {"public": "#1d4ed8", "operating": "#b45309", "household": "#4d7c0f"},
        icon="diamond",
    ),
    fields=(
        *identity(
            Label("资产名称", "Name"),
            Label("资产编码", "Asset code"),
            names=(
                "资产",
                "资产项目名称",
                "资产名",
            ),
            codes=(
                "资产编号",
                "资产代码",
                "资产卡片编号",
            ),
        ),
        Field(
            "asset_class",
            Label("资产类别", "Class"),
            codes="asset_class",
            required=True,
            public=True,
            aliases=words("类别 资产类型 资产大类 资产分类 资产性质"),
        ),
        Field(
            "subclass",
            Label("资产子类", "Subclass"),
            codes="asset_subclass",
            public=True,
            aliases=words("子类 资产小类 资产细类 资产子类别 资产明细类别"),
        ),
        Field(
            "state",
            Label("资产状态", "State"),
            codes="asset_state",
            required=True,
            public=True,
            aliases=words("状态 使用状态 资产使用状态 使用情况 使用现状 资产现状 运营状态"),
        ),
        Field(
            "quantity",
            Label("规模", "Quantity"),
            minimum=ZERO,
            aliases=words("数量 资产规模 建设规模 资产数量"),
        ),
        Field(
            "quantity_unit",
            Label("规模单位", "Quantity unit"),
            aliases=(
                "单位",
                "计量单位",
                "数量单位",
            ),
        ),
        year(
            "acquired_year",
            Label("购建年度", "Acquired in"),
            public=True,
            aliases=words(
                "购建年份 建成年度 建成年份 购建时间 形成年度 形成年份 资产形成年度 "
                "建设年度 建设年份 购置年度"
            ),
        ),
        Field(
            "titled_on",
            Label("确权日期", "Titled on"),
            aliases=words("确权时间 确权登记日期 确权登记时间 登记日期"),
        ),
        Field(
            "handed_over_on",
            Label("移交日期", "Handed over on"),
            aliases=words("移交时间 资产移交日期 交付日期 移交登记日期"),
        ),
        Field(
            "source_project",
            Label("来源项目", "Source project"),
            "money",
            public=True,
            aliases=words("项目名称 项目来源 所属项目 来源项目名称 形成资产的项目"),
        ),
        Field(
            "fund_source",
            Label("资金来源", "Fund source"),
            "money",
            codes="fund_source",
            public=True,
            aliases=words("资金类型 资金类别 资金渠道 资金性质"),
        ),
        Field(
            "funds_yuan",
            Label("资金金额", "Funds"),
            "money",
            unit=YUAN,
            minimum=ZERO,
            public=True,
            aliases=words(
                "金额 投资金额 投资 总投资 投资总额 投资额 资金规模 投入资金 资金投入 "
                "资金总额 项目投资 项目总投资"
            ),
        ),
        Field(
            "original_value_yuan",
            Label("资产原值", "Original value"),
            "money",
            unit=YUAN,
            minimum=ZERO,
            aliases=words("原值 资产原价 原始价值 账面原值"),
        ),
        Field(
            "net_value_yuan",
            Label("资产净值", "Net value"),
            "money",
            unit=YUAN,
            minimum=ZERO,
            aliases=words("净值 资产现值 现值 账面净值"),
        ),
        Field(
            "yearly_income_yuan",
            Label("年收益", "Yearly income"),
            "money",
            unit=YUAN,
            minimum=ZERO,
            aliases=words("收益 年度收益 年收益额 年收入 收益金额 年收益金额"),
        ),
        Field(
            "income_distribution",
            Label("收益分配", "Income distribution"),
            "money",
            aliases=words("收益分配方式 收益分配情况 分配方式 收益分配办法"),
        ),
        Field(
            "owner_level",
            Label("所有权归属", "Owner level"),
            "responsibility",
            codes="owner_level",
            public=True,
            aliases=words("权属级别 所有权级别 权属层级 产权归属 权属归属 所有权层级"),
        ),
        Field(
            "owner",
            Label("所有权人", "Owner"),
            "responsibility",
            aliases=words(
                "产权人 所有权单位 产权单位 权属单位 产权所有人 所有者 产权主体 所有权主体"
            ),
        ),
        Field(
            "operator",
            Label("使用或经营主体", "Operator"),
            "responsibility",
            aliases=words("经营主体 使用单位 使用主体 经营单位 运营主体 使用人 经营者"),
        ),
        Field(
            "operating_mode",
            Label("经营方式", "Operating mode"),
            "responsibility",
            codes="operating_mode",
            aliases=(
                "运营方式",
                "经营模式",
                "运营模式",
            ),
        ),
        KEEPER,
        Field(
            "keeper_person",
            Label("管护责任人", "Responsible person"),
            "responsibility",
            aliases=words("责任人 管护人 管护员 管护负责人 管护责任人姓名"),
        ),
        Field(
            "upkeep_funding",
            Label("管护经费来源", "Upkeep funding"),
            "responsibility",
            codes="upkeep_funding",
            aliases=words("管护经费 经费来源 管护资金来源 管护资金"),
        ),
    ),
)
