"""项目库: projects, their money, their owners and the features they reach."""

from gisapp.projects.models.links import ProjectFeature
from gisapp.projects.models.money import Funding
from gisapp.projects.models.project import Library, Project, Stage
from gisapp.projects.models.record import Disclosure, DisclosureStage, ProjectOwner, StageEntry

__all__ = [
    "Disclosure",
    "DisclosureStage",
    "Funding",
    "Library",
    "Project",
    "ProjectFeature",
    "ProjectOwner",
    "Stage",
    "StageEntry",
]
