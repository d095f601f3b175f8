"""安置点: relocation sites with their households and supporting facilities."""

from layers.models.resettlement import ResettlementSite
from layers.registry.shared import DWELLINGS, HOUSEHOLDS, PEOPLE, ZERO, identity, words, year
from layers.registry.specification import Field, Label, Layer, Style

RESETTLEMENT_SITES = Layer(
    name="resettlement-sites",
    model=ResettlementSite,
    title=Label("易地搬迁安置点", "Resettlement sites"),
    letter="S",
    classify="setting",
    style=Style("#8b5a2b", {"urban": "#b0562a", "rural": "#8b7a2b"}, icon="house"),
    fields=(
        *identity(
            Label("安置点名称", "Site name"),
            Label("安置点编码", "Site code"),
            names=words("安置区名称 安置点 安置区 安置小区名称 小区名称 集中安置点名称"),
            codes=(
                "安置点编号",
                "安置点代码",
                "安置区编码",
            ),
        ),
        Field(
            "setting",
            Label("安置方式", "Setting"),
            codes="setting",
            required=True,
            public=True,
            aliases=words("安置类型 安置点类型 城乡类型 集中安置类型 城镇/农村 城镇农村"),
        ),
        Field(
            "households",
            Label("安置户数", "Households"),
            "service",
            unit=HOUSEHOLDS,
            required=True,
            public=True,
            minimum=ZERO,
            aliases=words("户数 搬迁户数 总户数 安置总户数 搬迁安置户数 集中安置户数"),
        ),
        Field(
            "people",
            Label("安置人数", "People"),
            "service",
            unit=PEOPLE,
            required=True,
            public=True,
            minimum=ZERO,
            aliases=words("人数 搬迁人数 总人数 安置总人数 安置人口 搬迁人口 搬迁安置人数 人口数"),
        ),
        Field(
            "dwellings",
            Label("住房套数", "Dwellings"),
            "service",
            unit=DWELLINGS,
            minimum=ZERO,
            aliases=words("套数 安置房套数 住房数 房屋套数 安置住房套数 总套数"),
        ),
        Field(
            "has_school",
            Label("配套学校", "School"),
            "service",
            aliases=words("学校 配套教育 教育设施 配套教育设施 学校配套 配套幼儿园或学校"),
        ),
        Field(
            "has_clinic",
            Label("配套卫生室", "Clinic"),
            "service",
            aliases=words("卫生 卫生室 医疗设施 配套医疗 配套医疗设施 医疗卫生 卫生室配套"),
        ),
        Field(
            "has_culture_venue",
            Label("文化场所", "Culture venue"),
            "service",
            aliases=words("文化 文化设施 文化活动场所 文化广场 配套文化设施"),
        ),
        Field(
            "has_property_management",
            Label("物业管理", "Property management"),
            "service",
            aliases=words("物业 物业服务 物业公司 物业管理服务"),
        ),
        Field(
            "has_workshop",
            Label("帮扶车间", "Workshop"),
            "service",
            aliases=words("车间 就业车间 扶贫车间 就业帮扶车间 乡村车间"),
        ),
        Field(
            "zero_employment_households",
            Label("零就业户", "Zero-employment households"),
            "service",
            unit=HOUSEHOLDS,
            minimum=ZERO,
            aliases=words("零就业户数 零就业家庭 零就业家庭户数 零就业家庭数"),
        ),
        Field(
            "managing_body",
            Label("管理机构", "Managing body"),
            "responsibility",
            public=True,
            aliases=words("管理单位 管理主体 管委会 管理组织 社区管理机构"),
        ),
        year(
            "completed_year",
            Label("建成年度", "Completed in"),
            aliases=words("建成年份 竣工年度 竣工年份 建成时间 建成年"),
        ),
    ),
)
