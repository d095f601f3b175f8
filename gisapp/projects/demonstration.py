"""Invented projects: those that paid for demonstration features, and those still on their way.

A project of a past year is whatever the features of one county, year and programme say paid for
them, so that its shares add up to its money. Projects of this year and the next are spread over
the flow; some were rejected.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from pathlib import Path

from django.db import connection

from gisapp.projects.models import (
    Disclosure,
    DisclosureStage,
    Funding,
    Library,
    Project,
    ProjectFeature,
    ProjectOwner,
    Stage,
    StageEntry,
)
from layers.demonstration import Seeding
from layers.demonstration.assets import YEARS_BACK, project_name
from layers.demonstration.streams import Stream
from layers.models import Division, Road, User
from layers.sql_files import packaged_sql

FOLDER = Path(__file__).parent / "sql"

CENT = Decimal("0.01")
COMING_A_COUNTY = 6
FEATURES_OF_COMING = 3
REJECTED_SHARE = 0.2
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Programme:
    """A sort of project: its code lists' values, library, what it does and who leads it."""

    kind: str
    library: Library
    content: str
    bureau: str
    linkage: str = ""


PROGRAMMES = {
    "道路建设": Programme("construction", Library.CONSTRUCTION, "新建和改建农村公路", "交通运输局"),
    "农田水利": Programme("construction", Library.CONSTRUCTION, "新建灌溉渠道", "水利局"),
    "饮水安全": Programme("three_guarantees", Library.TRANSITION, "新建供水工程及管网", "水利局"),
    "人居环境": Programme("construction", Library.CONSTRUCTION, "建设公厕和路灯", "农业农村局"),
    "教育": Programme("three_guarantees", Library.TRANSITION, "改造教学点", "教育局"),
    "公共服务": Programme("construction", Library.CONSTRUCTION, "改善村级公共服务设施", "民政局"),
    "产业发展": Programme(
        "industry", Library.SPECIALTY, "建设产业基地和加工设施", "农业农村局",
        "土地流转、务工就业、收益分红",
    ),
    "到户帮扶": Programme(
        "industry", Library.TRANSITION, "向脱贫户发放种苗和农机", "农业农村局", "直接帮扶到户"
    ),
    "搬迁后扶": Programme("relocation", Library.TRANSITION, "完善安置点配套", "发展和改革局"),
}  # fmt: skip

SOURCES = (("central", "0.52"), ("province", "0.24"), ("county", "0.16"), ("other", "0.08"))
REJECTIONS = ("unrelated", "excessive", "vanity", "no_linkage", "no_goal")
STAGES = list(Stage)

# Who decides that a project enters a stage, and on which day: year offset, month, day.
STEPS: dict[Stage, tuple[str, int, int, int]] = {
    Stage.PROPOSED: ("村民委员会", -1, 7, 15),
    Stage.TOWNSHIP_REVIEW: ("乡镇人民政府", -1, 8, 25),
    Stage.COUNTY_APPROVAL: ("县乡村振兴局", -1, 10, 10),
    Stage.RESERVE: ("县项目库", -1, 11, 5),
    Stage.YEARLY_PLAN: ("县委农村工作领导小组", 0, 1, 20),
    Stage.CONSTRUCTION: ("建设单位", 0, 3, 10),
    Stage.ACCEPTANCE: ("县验收组", 0, 10, 20),
    Stage.HANDOVER: ("乡镇人民政府", 0, 11, 25),
    Stage.EVALUATION: ("县财政局", 1, 2, 28),
}
DISCLOSED = {
    Stage.RESERVE: (DisclosureStage.LIBRARY, "县人民政府网站", 15),
    Stage.YEARLY_PLAN: (DisclosureStage.YEARLY_PLAN, "县人民政府网站", 15),
    Stage.CONSTRUCTION: (DisclosureStage.BEFORE_WORK, "村务公开栏", 10),
    Stage.ACCEPTANCE: (DisclosureStage.COMPLETION, "项目现场公示牌", 10),
}


@dataclass
class Draft:
    """A project before it has a number: what it is, its money, and the features it will link."""

    code: str
    county: str
    year: int
    programme: str
    stage: Stage
    total: Decimal
    rejection: str = ""
    links: list[tuple[str, int, str]] = field(default_factory=list)


def seed(seeding: Seeding) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            packaged_sql("demonstration_sources", FOLDER),
            {"first_year": seeding.day.year - YEARS_BACK, "last_year": seeding.day.year - 1},
        )
    past = _past(seeding)
    drafts = past + _coming(seeding)
    names = dict(Division.objects.filter(code__in=seeding.counties).values_list("code", "name"))
    projects = Project.objects.bulk_create(
        (_project(seeding, draft, names[f"{draft.county}000000"]) for draft in drafts),
        batch_size=BATCH,
    )
    of_code = {project.code: project for project in projects}
    _store_records(seeding, drafts, of_code)
    _link(past)
    _link_coming(drafts, of_code)
    count = ProjectFeature.objects.filter(project__demonstration=True).count()
    seeding.report(f"  projects: {len(projects):,}, linked to features {count:,} times")
    return {"projects": len(projects), "project links": count}


def clear(_actor: User) -> dict[str, int]:
    _count, by_model = Project.objects.filter(demonstration=True).delete()
    return {"projects": by_model.get(Project._meta.label, 0)}


def _past(seeding: Seeding) -> list[Draft]:
    """One project for each county, year and programme that features name; its money is theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT county, year, programme, sum(share) FROM demonstration_source
            GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """
        )
        rows = cursor.fetchall()
    return [
        Draft(
            code=_code(county, year, programme),
            county=county,
            year=year,
            programme=programme,
            stage=_stage_of_past(seeding, county, year, programme),
            total=total,
        )
        for county, year, programme, total in rows
    ]


def _code(county: str, year: int, programme: str, number: int = 0) -> str:
    return f"DEMO-P{county}-{year}-{list(PROGRAMMES).index(programme) + 1}{number:02}"


def _stage_of_past(seeding: Seeding, county: str, year: int, programme: str) -> Stage:
    """Long past: evaluated. Of last year some are still being accepted or handed over."""
    if year < seeding.day.year - 1:
        return Stage.EVALUATION
    rng = seeding.stream("projects", county, str(year), programme)
    reached = STAGES.index(_latest(seeding.day, year))
    return STAGES[min(reached, STAGES.index(Stage.ACCEPTANCE) + int(rng.integers(0, 3)))]


def _latest(day: date, year: int) -> Stage:
    """The last stage whose day in the calendar of projects has come."""
    return [stage for stage in STAGES if _day_of(year, stage) <= day][-1]


def _day_of(year: int, stage: Stage) -> date:
    _who, offset, month, day = STEPS[stage]
    return date(year + offset, month, day)


def _coming(seeding: Seeding) -> list[Draft]:
    """Projects of this year and the next, that is, in every stage up to construction."""
    drafts = []
    for code in sorted(seeding.counties):
        rng = seeding.stream("projects", code)
        roads = _poor_roads(code[:6])
        for number in range(1, COMING_A_COUNTY + 1):
            drafts.append(_draft_of_coming(seeding, rng, code[:6], number, roads))
    return drafts


def _draft_of_coming(
    seeding: Seeding, rng: Stream, county: str, number: int, roads: list[int]
) -> Draft:
    programme = list(PROGRAMMES)[int(rng.integers(0, len(PROGRAMMES)))]
    year = seeding.day.year + int(rng.integers(0, 2))
    stages = STAGES[: STAGES.index(Stage.CONSTRUCTION) + 1]
    # Those of next year may still have all their days to come: they are proposed all the same.
    passed = [stage for stage in stages if _day_of(year, stage) <= seeding.day] or stages[:1]
    stage = passed[int(rng.integers(0, len(passed)))]
    reviewed = stage in (Stage.TOWNSHIP_REVIEW, Stage.COUNTY_APPROVAL)
    rejected = reviewed and rng.random() < REJECTED_SHARE
    chosen = rng.permutation(len(roads))[:FEATURES_OF_COMING].tolist()
    return Draft(
        code=_code(county, year, programme, number),
        county=county,
        year=year,
        programme=programme,
        stage=stage,
        total=Decimal(int(rng.integers(20, 400))) * 10_000,
        rejection=REJECTIONS[int(rng.integers(0, len(REJECTIONS)))] if rejected else "",
        links=[("roads", roads[at], "planned") for at in chosen] if programme == "道路建设" else [],
    )


def _poor_roads(county: str) -> list[int]:
    """Numbers of the county's roads in the worst condition: what the next projects are for."""
    rows = Road.objects.filter(
        demonstration=True,
        division_id__gte=f"{county}000000",
        division_id__lte=f"{county}999999",
        mqi__lt=75,
    )
    return list(rows.order_by("mqi", "code").values_list("pk", flat=True)[:30])


def _project(seeding: Seeding, draft: Draft, county: str) -> Project:
    rng = seeding.stream("project", draft.code)
    programme = PROGRAMMES[draft.programme]
    households = int(rng.integers(30, 900))
    name = project_name(county, draft.year, draft.programme)
    number = draft.code[-2:]
    return Project(
        code=draft.code,
        name=name if number == "00" else f"{name}（{int(number)}）",
        kind=programme.kind,
        library=programme.library,
        nature=("new", "renewal", "extension")[int(rng.integers(0, 3))],
        content=f"{programme.content}（演示）",
        division_id=f"{draft.county}000000",
        planned_start=_day_of(draft.year, Stage.CONSTRUCTION),
        planned_end=_day_of(draft.year, Stage.ACCEPTANCE),
        stage=draft.stage,
        rejected=bool(draft.rejection),
        rejection_reason=draft.rejection,
        rejection_note="请补充材料后重新申报（演示）" if draft.rejection else "",
        construction_unit=f"{county}建设有限公司（演示）",
        beneficiary_households=households,
        beneficiary_people=round(households * 3.4),
        supervisor=f"{county}{programme.bureau}",
        performance_goal=f"受益{households}户，群众满意度95%以上（演示）",
        linkage=programme.linkage,
        demonstration=True,
    )


def _store_records(seeding: Seeding, drafts: list[Draft], of_code: dict[str, Project]) -> None:
    """Money by source, the stages passed with their days, what was published, and the owners."""
    pairs = [(draft, of_code[draft.code]) for draft in drafts]
    Funding.objects.bulk_create(
        (each for draft, project in pairs for each in _funding(seeding, draft, project)),
        batch_size=BATCH,
    )
    StageEntry.objects.bulk_create(
        (each for draft, project in pairs for each in _entries(seeding, draft, project)),
        batch_size=BATCH,
    )
    Disclosure.objects.bulk_create(
        (each for draft, project in pairs for each in _disclosures(seeding, draft, project)),
        batch_size=BATCH,
    )
    ProjectOwner.objects.bulk_create(
        (each for _draft, project in pairs for each in _owners(project)), batch_size=BATCH
    )


def _funding(seeding: Seeding, draft: Draft, project: Project) -> Iterable[Funding]:
    """The parts add up to the whole to the cent; nothing is paid before work begins."""
    rest = draft.total
    paid = _paid(seeding, draft)
    for source, share in reversed(SOURCES):
        planned = (draft.total * Decimal(share)).quantize(CENT) if source != "central" else rest
        rest -= planned
        yield Funding(
            project=project,
            source=source,
            planned_yuan=planned,
            paid_yuan=(planned * paid).quantize(CENT),
        )


def _paid(seeding: Seeding, draft: Draft) -> Decimal:
    reached = STAGES.index(draft.stage)
    if reached < STAGES.index(Stage.CONSTRUCTION):
        return Decimal(0)
    if reached == STAGES.index(Stage.CONSTRUCTION):
        percent = int(seeding.stream("paid", draft.code).integers(20, 80))
        return Decimal(percent) / 100
    return Decimal(1) if reached >= STAGES.index(Stage.HANDOVER) else Decimal("0.9")


def _passed(seeding: Seeding, draft: Draft) -> list[tuple[Stage, date]]:
    """The stages up to the present one, none of them after today."""
    stages = STAGES[: STAGES.index(draft.stage) + 1]
    late = timedelta(days=int(seeding.stream("days", draft.code).integers(0, 12)))
    return [(stage, min(_day_of(draft.year, stage) + late, seeding.day)) for stage in stages]


def _entries(seeding: Seeding, draft: Draft, project: Project) -> Iterable[StageEntry]:
    for stage, day in _passed(seeding, draft):
        yield StageEntry(
            project=project, stage=stage, entered_on=day, decided_by=STEPS[stage][0], note="演示"
        )


def _disclosures(seeding: Seeding, draft: Draft, project: Project) -> Iterable[Disclosure]:
    for stage, day in _passed(seeding, draft):
        if stage in DISCLOSED:
            about, place, days = DISCLOSED[stage]
            yield Disclosure(project=project, stage=about, published_on=day, days=days, place=place)


def _owners(project: Project) -> Iterable[ProjectOwner]:
    yield ProjectOwner(project=project, body=project.supervisor, duty="行业监管", leads=True)
    yield ProjectOwner(project=project, body="项目所在乡镇人民政府", duty="组织实施和后续管护")
    yield ProjectOwner(project=project, body="项目村村民委员会", duty="使用和日常管护")


def _link(past: list[Draft]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            packaged_sql("demonstration_links", FOLDER),
            {
                "codes": [draft.code for draft in past],
                "counties": [draft.county for draft in past],
                "years": [draft.year for draft in past],
                "programmes": [draft.programme for draft in past],
            },
        )
        cursor.execute("DROP TABLE demonstration_source")


def _link_coming(drafts: list[Draft], of_code: dict[str, Project]) -> None:
    ProjectFeature.objects.bulk_create(
        (
            ProjectFeature(
                project=of_code[draft.code],
                layer=layer,
                feature_id=feature_id,
                role=role,
                funds_share_yuan=(draft.total / len(draft.links)).quantize(CENT, ROUND_DOWN),
            )
            for draft in drafts
            for layer, feature_id, role in draft.links
        ),
        batch_size=BATCH,
    )
