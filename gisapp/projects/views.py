"""The project library's pages."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from gisapp.projects import flow, queries
from gisapp.projects.models import Project, Stage
from gisapp.projects.queries import PAGE_SIZE, ProjectFilters
from layers.access import policy
from layers.access.roles import Action
from layers.codes import code_lists, every_label
from layers.divisions.names import counties_touched, place_names
from layers.errors import NotFound


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """Projects inside the reader's divisions, with the money of all that match."""
    scope = policy.require_somewhere(request.user, Action.VIEW)
    filters = ProjectFilters.read(request.GET)
    rows = queries.projects(scope, filters)
    count = rows.count()
    last = max(1, -(-count // PAGE_SIZE))
    page = min(filters.page, last)
    found = queries.page_of(rows, page)
    money = queries.money_by_source(rows)
    places = place_names(project.division_id for project in found)
    labels = every_label({"project_kind", "fund_source"})
    kinds, sources = labels.get("project_kind", {}), labels.get("fund_source", {})
    context = {
        "filters": filters,
        "projects": [
            (project, kinds.get(project.kind, project.kind), places[project.division_id])
            for project in found
        ],
        "count": count,
        "page": page,
        "last": last,
        "previous": filters.query(page - 1) if page > 1 else "",
        "next": filters.query(page + 1) if page < last else "",
        "money": [(sources.get(each.source, each.source), each) for each in money],
        "total": queries.total(money),
        "kinds": code_lists("project_kind").get("project_kind", {}).items(),
        "stages": [*Stage.choices, (queries.REJECTED, pgettext("project", "Rejected"))],
        "counties": counties_touched(scope),
    }
    return render(request, "projects/list.html", context)


@require_safe
def project_page(request: HttpRequest, project_id: int) -> HttpResponse:
    """One project. Raises NotFound outside the reader's divisions, as for one that is not."""
    scope = policy.require_somewhere(request.user, Action.VIEW)
    project = Project.objects.filter(scope.q(), pk=project_id).first()
    if project is None:
        raise NotFound(
            _("There is no such project, or it is outside your divisions."),
            remedy=_("Look for it in the list of projects."),
        )
    labels = every_label({"project_kind", "project_nature", "rejection_reason", "fund_source"})

    def label(name: str, code: str) -> object:
        return labels.get(name, {}).get(code, code)

    money = queries.money_by_source(Project.objects.filter(pk=project.pk))
    linked, hidden = queries.linked_features(project, scope)
    shares = [each.link.funds_share_yuan for each in linked if each.link.funds_share_yuan]
    context = {
        "project": project,
        "kind": label("project_kind", project.kind),
        "nature": label("project_nature", project.nature),
        "reason": label("rejection_reason", project.rejection_reason),
        "place": place_names([project.division_id])[project.division_id],
        "steps": flow.steps(project),
        "money": [(label("fund_source", each.source), each) for each in money],
        "total": queries.total(money),
        "linked": linked,
        "hidden": hidden,
        "shared": sum(shares, Decimal(0)),
        "owners": project.owners.all(),
        "disclosures": project.disclosures.all(),
    }
    return render(request, "projects/project.html", context)
