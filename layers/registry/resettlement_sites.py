"""安置点: relocation sites with their households and supporting facilities."""

from layers.models.resettlement import ResettlementSite
from layers.registry.shared import DWELLINGS, HOUSEHOLDS, PEOPLE, ZERO, identity, year
from layers.registry.specification import Field, Label, Layer, Style

RESETTLEMENT_SITES = Layer(
    name="resettlement-sites",
    model=ResettlementSite,
    title=Label("易地搬迁安置点", "Resettlement sites"),
    letter="S",
    classify="setting",
    style=Style("#8b5a2b", {"urban": "#b0562a", "rural": "#8b7a2b"}, icon="house"),
    fields=(
        *identity(Label("安置点名称", "Site name"), Label("安置点编码", "Site code")),
        Field("setting", Label("安置方式", "Setting"), codes="setting", required=True, public=True),
        Field(
            "households",
            Label("安置户数", "Households"),
            "service",
            unit=HOUSEHOLDS,
            required=True,
            public=True,
            minimum=ZERO,
            aliases=("户数",),
        ),
        Field(
            "people",
            Label("安置人数", "People"),
            "service",
            unit=PEOPLE,
            required=True,
            public=True,
            minimum=ZERO,
            aliases=("人数",),
        ),
        Field(
            "dwellings",
            Label("住房套数", "Dwellings"),
            "service",
            unit=DWELLINGS,
            minimum=ZERO,
            aliases=("套数",),
        ),
        Field("has_school", Label("配套学校", "School"), "service", aliases=("学校",)),
        Field("has_clinic", Label("配套卫生室", "Clinic"), "service", aliases=("卫生",)),
        Field(
            "has_culture_venue", Label("文化场所", "Culture venue"), "service", aliases=("文化",)
        ),
        Field(
            "has_property_management",
            Label("物业管理", "Property management"),
            "service",
            aliases=("物业",),
        ),
        Field("has_workshop", Label("帮扶车间", "Workshop"), "service", aliases=("车间",)),
        Field(
            "zero_employment_households",
            Label("零就业户", "Zero-employment households"),
            "service",
            unit=HOUSEHOLDS,
            minimum=ZERO,
        ),
        Field("managing_body", Label("管理机构", "Managing body"), "responsibility", public=True),
        year("completed_year", Label("建成年度", "Completed in"), aliases=("建成年份",)),
    ),
)
