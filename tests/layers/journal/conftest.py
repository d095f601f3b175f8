"""Scenes for the proofs of the journal: edits, a load, and a superuser who bypasses the guards."""

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from layers.editing import bulk
from layers.editing.request import Outcome
from layers.journal.export import export_journal
from layers.journal.findings import Finding
from layers.journal.verification import Verification
from layers.models import Changeset, User
from layers.models.feature import Feature
from layers.registry import layer_named

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def load(steward: User) -> Callable[..., Changeset]:
    """Loads toilets with the codes given, and settles what waits for the commit."""

    def make(*codes: str, layer: str = "toilets") -> Changeset:
        changeset = Changeset.objects.create(
            kind=Changeset.Kind.IMPORT, author=steward, layer=layer, source_name="rows.csv"
        )
        rows = "".join(
            f"{code},433124000000,household,SRID=4490;POINT(109.48{number} 28.57),12.5,"
            f"\\x00ff,{changeset.pk}\n"
            for number, code in enumerate(codes)
        )
        bulk.load(
            actor=steward,
            layer=layer_named(layer),
            changeset=changeset,
            columns=[
                "code", "division", "category", "geom", "accuracy_m", "personal", "changeset_id",
            ],
            chunks=[io.BytesIO(rows.encode())],
        )  # fmt: skip
        connection.check_constraints()
        changeset.refresh_from_db()
        return changeset

    return make


@pytest.fixture
def scene(
    make_feature: Callable[..., Feature], edit: Callable[..., Outcome], load: Callable[..., Any]
) -> dict[str, Feature]:
    """A feature edited twice, one deleted, one restored, and a load of three of which one was
    edited and one deleted; everything linked."""
    toilets = layer_named("toilets")
    edited = make_feature("toilets", keeper="甲")
    for keeper in ("乙", "丙"):
        edited.refresh_from_db()
        edit("toilets", "update", edited, keeper=keeper)
    deleted, restored = make_feature("toilets", householder="赵六"), make_feature("roads")
    edit("toilets", "delete", deleted)
    edit("roads", "delete", restored)
    edit("roads", "restore", restored)
    load("LOADED-1", "LOADED-2", "LOADED-3")
    untouched, changed, dropped = toilets.rows.filter(code__startswith="LOADED").order_by("code")
    edit("toilets", "update", changed, category="public", squat_places=3)
    edit("toilets", "delete", dropped)
    connection.check_constraints()
    edited.refresh_from_db()
    return {
        "edited": edited,
        "deleted": deleted,
        "restored": restored,
        "untouched": untouched,
        "changed": changed,
        "dropped": dropped,
    }


@contextmanager
def superuser() -> Iterator[Any]:
    """A cursor whose statements no trigger sees, foreign keys included."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor
        cursor.execute("SET session_replication_role = origin")


def findings(**options: Any) -> list[str]:
    verification = Verification(**options)
    return [str(each) for each in verification.findings() if isinstance(each, Finding)]


def exported(folder: Path, name: str = "journal.jsonl") -> Path:
    export_journal(folder / name)
    return folder / name


def verify_export(*argv: str | Path) -> subprocess.CompletedProcess[str]:
    """The script alone, isolated from this environment's packages and from the service."""
    return subprocess.run(
        [sys.executable, "-I", "-S", ROOT / "bin" / "verify-journal-export", *map(str, argv)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
