"""The flow of a project as steps to draw."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from gisapp.projects.models import Project, Stage


@dataclass(frozen=True, slots=True)
class Step:
    """`state` is done, current, rejected or coming."""

    stage: str
    label: str | Promise
    state: str
    entered_on: date | None
    decided_by: str


def steps(project: Project) -> list[Step]:
    entries = {entry.stage: entry for entry in project.stages.all()}
    reached = Stage.values.index(project.stage)
    found = []
    for number, stage in enumerate(Stage):
        entry = entries.get(stage.value)
        if number == reached:
            state = "rejected" if project.rejected else "current"
        else:
            state = "done" if number < reached else "coming"
        found.append(
            Step(
                stage.value,
                stage.label,
                state,
                entry.entered_on if entry else None,
                entry.decided_by if entry else "",
            )
        )
    return found
