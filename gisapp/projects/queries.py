"""Reading projects: what a reader may see, narrowed by what they asked for."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.http import QueryDict
from django.utils.translation import gettext as _

from gisapp.projects.models import Funding, Project, ProjectFeature, Stage
from layers.access.policy import Scope, narrowed
from layers.errors import BadRequest
from layers.models import Feature
from layers.registry import LAYERS, Layer

PAGE_SIZE = 30
SEARCH_LIMIT = 80
REJECTED = "rejected"
"""Asked for like a stage, though a rejected project keeps the stage it was rejected at."""


@dataclass(frozen=True, slots=True)
class ProjectFilters:
    """Each empty text means no such filter."""

    kind: str = ""
    stage: str = ""
    county: str = ""
    search: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: QueryDict) -> "ProjectFilters":
        page = query.get("page", "1")
        if not page.isdecimal() or int(page) < 1 or int(page) > 100_000:
            raise BadRequest(_("There is no such page of the list."))
        stage = query.get("stage", "")
        if stage and stage not in {*Stage.values, REJECTED}:
            raise BadRequest(_("There is no such stage."))
        return cls(
            kind=query.get("kind", ""),
            stage=stage,
            county=query.get("county", ""),
            search=query.get("q", "").strip()[:SEARCH_LIMIT],
            page=int(page),
        )

    def query(self, page: int) -> str:
        """The address of another page of the same list."""
        query = QueryDict(mutable=True)
        names = {"kind": self.kind, "stage": self.stage, "county": self.county, "q": self.search}
        query.update({name: value for name, value in names.items() if value})
        query["page"] = str(page)
        return query.urlencode()


def projects(scope: Scope, filters: ProjectFilters) -> QuerySet[Project]:
    within = narrowed(scope, Scope.of([filters.county[:6]])) if filters.county else scope
    rows = Project.objects.filter(within.q())
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.stage == REJECTED:
        rows = rows.filter(rejected=True)
    elif filters.stage:
        rows = rows.filter(stage=filters.stage, rejected=False)
    if filters.search:
        text = filters.search
        rows = rows.filter(
            Q(name__icontains=text)
            | Q(code__startswith=text)
            | Q(construction_unit__icontains=text)
        )
    return rows


@dataclass(frozen=True, slots=True)
class Money:
    """Yuan. `source` is a code of the list fund_source, or empty for a total."""

    source: str
    planned: Decimal
    paid: Decimal

    @property
    def paid_percent(self) -> int:
        return int(self.paid * 100 / self.planned) if self.planned else 0


def money_by_source(rows: QuerySet[Project]) -> list[Money]:
    """Funds of some projects by source, the largest first; one query."""
    sums = (
        Funding.objects.filter(project__in=rows.order_by().values("pk"))
        .order_by()
        .values_list("source")
        .annotate(planned=Sum("planned_yuan"), paid=Sum("paid_yuan"))
    )
    found = [Money(source, planned, paid) for source, planned, paid in sums]
    return sorted(found, key=lambda money: -money.planned)


def total(money: list[Money]) -> Money:
    return Money(
        "",
        sum((each.planned for each in money), Decimal(0)),
        sum((each.paid for each in money), Decimal(0)),
    )


def page_of(rows: QuerySet[Project], page: int) -> list[Project]:
    """One page with each project's planned money and number of features."""
    start = (page - 1) * PAGE_SIZE
    found = list(rows[start : start + PAGE_SIZE])
    identifiers = [project.pk for project in found]
    planned = dict(
        Funding.objects.filter(project__in=identifiers)
        .order_by()
        .values_list("project")
        .annotate(Sum("planned_yuan"))
    )
    linked = dict(
        ProjectFeature.objects.filter(project__in=identifiers)
        .order_by()
        .values_list("project")
        .annotate(Count("pk"))
    )
    for project in found:
        project.planned_yuan = planned.get(project.pk)  # type: ignore[attr-defined]
        project.feature_count = linked.get(project.pk, 0)  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True, slots=True)
class Linked:
    """A project's feature that the reader may see."""

    link: ProjectFeature
    layer: Layer
    feature: Feature


def linked_features(project: Project, scope: Scope) -> tuple[list[Linked], int]:
    """The features a reader may see, and how many more there are (elsewhere, or since deleted)."""
    links = list(project.features.order_by("layer", "pk"))
    found: list[Linked] = []
    for layer in LAYERS.values():
        mine = [link for link in links if link.layer == layer.name]
        if mine:
            visible = layer.rows.filter(scope.q()).in_bulk([link.feature_id for link in mine])
            found += [
                Linked(link, layer, visible[link.feature_id])
                for link in mine
                if link.feature_id in visible
            ]
    return found, len(links) - len(found)
