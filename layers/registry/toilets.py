"""农村厕所: household and public toilets."""

from layers.models.toilet import Toilet
from layers.registry.shared import CUBIC_METRE, KEEPER, PLACES, SQUARE_METRE, ZERO, identity
from layers.registry.specification import Field, Label, Layer, Style

TOILETS = Layer(
    name="toilets",
    model=Toilet,
    title=Label("农村厕所", "Toilets"),
    letter="T",
    classify="toilet_type",
    disclosed_values=("category", frozenset({"public"})),
    style=Style(
        "#4d7c0f",
        {
            "three_chamber": "#4d7c0f",
            "double_urn": "#65a30d",
            "biogas": "#ca8a04",
            "separating": "#a16207",
            "sewer_flush": "#0e7490",
            "double_pit": "#78716c",
            "one_two_chamber": "#dc2626",
            "bucket": "#dc2626",
            "open_pit": "#dc2626",
            "shed": "#dc2626",
            "public": "#7c3aed",
        },
        icon="square",
    ),
    fields=(
        *identity(Label("名称", "Name"), Label("厕所编号", "Code"), name_required=False),
        Field(
            "category",
            Label("类别", "Category"),
            codes="toilet_category",
            required=True,
            public=True,
        ),
        Field(
            "toilet_type",
            Label("改厕类型", "Type"),
            codes="toilet_type",
            required=True,
            public=True,
            aliases=("厕所类型", "类型"),
        ),
        Field(
            "beneficiary",
            Label("对象类型", "Household group"),
            codes="beneficiary",
            aliases=("农户类型",),
        ),
        Field("village_group", Label("村组", "Village group")),
        Field("tank_type", Label("化粪池类型", "Tank type"), codes="tank_type"),
        Field(
            "completed_on",
            Label("建成日期", "Completed on"),
            public=True,
            aliases=("建成时间", "竣工日期"),
        ),
        Field(
            "room_area_m2",
            Label("厕屋面积", "Room area"),
            unit=SQUARE_METRE,
            minimum=ZERO,
            aliases=("面积",),
        ),
        Field(
            "tank_volume_m3",
            Label("有效容积", "Effective volume"),
            unit=CUBIC_METRE,
            minimum=ZERO,
            aliases=("容积",),
        ),
        Field("rectification", Label("整改状态", "Rectification"), codes="rectification"),
        Field("problem_class", Label("问题类别", "Problem class"), codes="toilet_problem"),
        Field("publicly_funded", Label("财政支持", "Publicly funded"), aliases=("是否财政支持",)),
        Field(
            "squat_places",
            Label("蹲位数", "Squat places"),
            unit=PLACES,
            minimum=ZERO,
            public=True,
            aliases=("蹲位",),
        ),
        Field("treatment", Label("粪污处理方式", "Treatment"), codes="toilet_treatment"),
        KEEPER,
        Field(
            "householder",
            Label("户主", "Householder"),
            "personal",
            personal=True,
            aliases=("户主姓名", "姓名"),
        ),
        Field(
            "id_number",
            Label("身份证号", "Identity number"),
            "personal",
            personal=True,
            aliases=("身份证", "证件号码"),
        ),
        Field(
            "phone", Label("电话", "Phone"), "personal", personal=True, aliases=("联系电话", "手机")
        ),
    ),
)
