"""农村厕所: household and public toilets."""

from layers.models.toilet import Toilet
from layers.registry.shared import CUBIC_METRE, KEEPER, PLACES, SQUARE_METRE, ZERO, identity, words
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
        *identity(
            Label("名称", "Name"),
            Label("厕所编号", "Code"),
            name_required=False,
            names=(
                "厕所名称",
                "公厕名称",
            ),
            codes=words("厕所编码 公厕编号 户厕编号 厕所代码"),
        ),
        Field(
            "category",
            Label("类别", "Category"),
            codes="toilet_category",
            required=True,
            public=True,
            aliases=words("厕所类别 厕所性质 户厕或公厕 厕所种类"),
        ),
        Field(
            "toilet_type",
            Label("改厕类型", "Type"),
            codes="toilet_type",
            required=True,
            public=True,
            aliases=words(
                "厕所类型 类型 改厕模式 厕所模式 改厕方式 厕型 改造模式 改造类型 户厕类型 公厕类型"
            ),
        ),
        Field(
            "beneficiary",
            Label("对象类型", "Household group"),
            codes="beneficiary",
            aliases=words("农户类型 户类型 农户属性 农户类别 家庭类型 对象类别"),
        ),
        Field(
            "village_group",
            Label("村组", "Village group"),
            aliases=words("村民小组 组别 小组 组 所在组 组名 村小组"),
        ),
        Field(
            "tank_type",
            Label("化粪池类型", "Tank type"),
            codes="tank_type",
            aliases=words("化粪池 化粪池材质 化粪池类别 化粪池材料"),
        ),
        Field(
            "completed_on",
            Label("建成日期", "Completed on"),
            public=True,
            aliases=words(
                "建成时间 竣工日期 竣工时间 完工日期 完工时间 改厕时间 改厕日期 建成年月 验收日期"
            ),
        ),
        Field(
            "room_area_m2",
            Label("厕屋面积", "Room area"),
            unit=SQUARE_METRE,
            minimum=ZERO,
            aliases=words("面积 厕所面积 厕屋建筑面积 厕所建筑面积 建筑面积"),
        ),
        Field(
            "tank_volume_m3",
            Label("有效容积", "Effective volume"),
            unit=CUBIC_METRE,
            minimum=ZERO,
            aliases=words("容积 化粪池容积 化粪池有效容积 粪池容积"),
        ),
        Field(
            "rectification",
            Label("整改状态", "Rectification"),
            codes="rectification",
            aliases=words("整改情况 整改进度 整改结果 问题整改状态 整改"),
        ),
        Field(
            "problem_class",
            Label("问题类别", "Problem class"),
            codes="toilet_problem",
            aliases=words("问题类型 问题分类 问题种类 存在问题类别"),
        ),
        Field(
            "publicly_funded",
            Label("财政支持", "Publicly funded"),
            aliases=words("是否财政支持 财政资金支持 财政奖补 财政补助 享受财政补助 奖补"),
        ),
        Field(
            "squat_places",
            Label("蹲位数", "Squat places"),
            unit=PLACES,
            minimum=ZERO,
            public=True,
            aliases=words("蹲位 厕位 厕位数 蹲位数量 厕位数量 蹲坑数"),
        ),
        Field(
            "treatment",
            Label("粪污处理方式", "Treatment"),
            codes="toilet_treatment",
            aliases=words("粪污处理 粪污去向 处理方式 粪便处理方式 粪污处理模式 粪污处置方式"),
        ),
        KEEPER,
        Field(
            "householder",
            Label("户主", "Householder"),
            "personal",
            personal=True,
            aliases=words("户主姓名 姓名 农户姓名 户主名 农户 hzxm"),
        ),
        Field(
            "id_number",
            Label("身份证号", "Identity number"),
            "personal",
            personal=True,
            aliases=words(
                "身份证 证件号码 身份证号码 公民身份号码 公民身份证号码 户主身份证号 "
                "户主身份证号码 证件号 居民身份证号 sfzh sfzhm"
            ),
        ),
        Field(
            "phone",
            Label("电话", "Phone"),
            "personal",
            personal=True,
            aliases=words(
                "联系电话 手机 手机号 手机号码 电话号码 联系方式 户主电话 户主联系电话 "
                "联系号码 lxdh sjh"
            ),
        ),
    ),
)
