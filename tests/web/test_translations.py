"""Every text of templates, Python and scripts has a Chinese translation."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("layers", "tiles", "importers", "gisapp")
DOMAIN_PARTS = ("projects", "maintenance", "verification", "zones", "web")
KEYWORDS = (
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "npgettext:1c,2,3",
    "pgettext:1c,2",
    "pgettext_lazy:1c,2",
    "gettext_noop",
)

pytestmark = pytest.mark.skipif(
    shutil.which("xgettext") is None, reason="GNU gettext is not installed"
)


def source_files(pattern: str) -> list[Path]:
    skipped = {"node_modules", "vendor", "frontend", "migrations"}
    return [
        path
        for part in PARTS
        for path in sorted((ROOT / part).rglob(pattern))
        if not skipped & set(path.parts)
    ]


def used_messages(language: str, files: list[Path], output: Path) -> set[str]:
    """The msgids (with context and plural) that xgettext finds, as msgcmp would compare them."""
    if not files:
        return set()
    subprocess.run(
        ["xgettext", f"--language={language}", "--from-code=UTF-8", "--no-location", "--force-po"]
        + [f"--keyword={keyword}" for keyword in KEYWORDS]
        + ["--output", str(output), *map(str, files)],
        check=True,
        capture_output=True,
    )
    return messages(output)


def messages(po_file: Path) -> set[str]:
    """Each message's context, id and plural as one string; `msgcat` puts each on one line."""
    text = subprocess.run(
        ["msgcat", "--no-wrap", "--no-location", "--force-po", str(po_file)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = set()
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        keys = [line for line in lines if line.startswith(("msgctxt", "msgid"))]
        joined = "\n".join(key for key in keys)
        if joined and joined != 'msgid ""':
            found.add(joined)
    return found


def translated(domain: str, output: Path) -> set[str]:
    """All messages of this domain with a translation that is neither empty nor fuzzy."""
    catalogs = [
        path
        for part in PARTS
        for path in (ROOT / part).rglob(f"zh_Hans/LC_MESSAGES/{domain}.po")
        if "node_modules" not in path.parts
    ]
    subprocess.run(
        ["msgcat", "--use-first", "--no-location", "--output", str(output), *map(str, catalogs)],
        check=True,
    )
    done = output.with_suffix(".done.po")
    subprocess.run(
        [
            "msgattrib",
            "--translated",
            "--no-fuzzy",
            "--no-obsolete",
            "--force-po",
            "--output",
            str(done),
            str(output),
        ],
        check=True,
    )
    return messages(done)


def part_of(path: Path) -> str:
    """`layers`, …, `gisapp/projects`, …; `gisapp` for what lies directly in it."""
    top, second, *_rest = path.relative_to(ROOT).parts
    return f"{top}/{second}" if top == "gisapp" and second in DOMAIN_PARTS else top


@pytest.mark.parametrize("part", [*PARTS, *(f"gisapp/{name}" for name in DOMAIN_PARTS)])
def test_every_text_of_templates_and_python_is_translated(part: str, tmp_path: Path) -> None:
    sources = [path for path in source_files("*.py") if part_of(path) == part]
    templates = [path for path in source_files("*.html") if part_of(path) == part]
    for number, template in enumerate(templates):
        copy = tmp_path / f"{number}-{template.name}.py"
        copy.write_text(templatize(template.read_text(), origin=str(template)))
        sources.append(copy)
    used = used_messages("Python", sources, tmp_path / "used.pot")
    assert used or part != "gisapp/web", "xgettext found nothing"
    assert sorted(used - translated("django", tmp_path / "all.po")) == []


def test_every_text_of_the_scripts_is_translated(tmp_path: Path) -> None:
    used = used_messages("JavaScript", source_files("*.js"), tmp_path / "used.pot")
    assert used, "xgettext found nothing"
    assert sorted(used - translated("djangojs", tmp_path / "all.po")) == []
