"""What an import was asked to do, and whether the same run has done it before."""

import uuid
from dataclasses import dataclass
from pathlib import Path

from importers.comparison.keys import Key
from importers.interpretation import Interpretation
from importers.loading.refusals import AlreadyImported
from layers.access.policy import Scope
from layers.models.access import User
from layers.models.journal import Changeset
from layers.registry import Layer


@dataclass(frozen=True)
class Order:
    """What is to be done, as `import_file` was asked."""

    actor: User
    layer: Layer
    path: Path
    interpretation: Interpretation
    name: str
    dry_run: bool
    skip_rejected: bool
    rejects: Path | None
    run: uuid.UUID | None
    scope: Scope
    key: Key | None


def changeset_of(run: uuid.UUID) -> Changeset | None:
    """What a run has written, if it was committed."""
    return Changeset.objects.filter(run=run).first()


def refuse_done(run: uuid.UUID | None) -> None:
    found = changeset_of(run) if run is not None else None
    if found is not None:
        raise AlreadyImported(found)
