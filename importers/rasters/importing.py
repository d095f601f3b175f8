"""A delivered raster onto the map: looked at, placed, converted and verified in the box, then kept.

Nothing is written to the database or beside the other rasters before all of that has succeeded.
"""

import hashlib
import math
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from importers.phrases import said
from importers.rasters.boxing import Progress, Watch, boxed
from importers.rasters.cards import card_problems
from importers.rasters.delivery import UNPACKED, neighbours
from importers.rasters.description import RasterDescription, heard_number
from importers.rasters.encoding import Encoding, Kind, bytes_a_pixel, encoding_of
from importers.rasters.placing import Place, bytes_needed, placed
from importers.rasters.registering import Card, Made, register, require_room
from importers.rasters.report import RasterReport
from importers.rasters.tasks import CONVERTED
from importers.readers.specification import FileProblem
from layers.errors import Rejected
from layers.models.access import User

WORKPLACE = "imports"
"""Below MEDIA_ROOT: on the disk where the result goes, and in no backup."""
MOST_FILES = 100
HASH_CHUNK = 1 << 20
SPARE_BYTES = 256 << 20
"""Left free beside what a conversion needs at most."""
MOST_STATISTICS = 16

__all__ = ["Card", "Progress", "RasterReport", "Watch", "import_raster", "inspect_raster"]


@dataclass(frozen=True, slots=True)
class RasterOptions:
    """`datum` overrides what the file says; `lossless` keeps pictures exactly."""

    datum: str | None = None
    lossless: bool = False
    replace: bool = False
    dry_run: bool = False


def import_raster(
    *,
    actor: User,
    path: Path,
    card: Card,
    options: RasterOptions | None = None,
    watch: Watch | None = None,
) -> RasterReport:
    """Convert a raster (a file with its neighbours, an archive, or a folder) and put it on the map.

    Raises Rejected, Forbidden, Conflict or Cancelled; then nothing was written. A dry run does
    everything but the last step.
    """
    options, watch = options or RasterOptions(), watch or Watch()
    _check_card(actor, card)
    require_room(actor, card, replace=options.replace)
    paths = _files(path)
    try:
        with _workplace() as folder:
            return _imported(actor, card, options, watch, paths, folder)
    except FileProblem as problem:
        text = said(problem.text, **problem.parameters)
        raise Rejected(str(text), remedy=str(said(problem.remedy))) from problem


def inspect_raster(path: Path, watch: Watch | None = None) -> RasterDescription:
    """What a raster is, before anything is decided about it. Raises FileProblem and Cancelled."""
    with _workplace() as folder:
        found, _raster = _inspected(_files(path), folder, watch or Watch())
    return found


def _imported(
    actor: User,
    card: Card,
    options: RasterOptions,
    watch: Watch,
    paths: list[Path],
    folder: Path,
) -> RasterReport:
    before = [_identity(each) for each in paths]
    found, raster = _inspected(paths, folder, watch)
    kind = Kind(card.kind)
    place = placed(found, kind, card.division, options.datum)
    encoding = encoding_of(found, kind, lossless=options.lossless)
    _check_disk(folder, bytes_needed(place, bytes_a_pixel(found, encoding)))
    request = _request(raster, found, place, encoding)
    boxed("rasters.convert", request, readable=[raster], folder=folder, watch=watch)
    if [_identity(each) for each in paths] != before:
        raise Rejected(_("The file changed while it was read."), remedy=_("Import it again."))
    made = _verified(place, folder, watch)
    watch.stop_if_cancelled()
    kept = None
    if not options.dry_run:
        kept = register(actor=actor, card=card, place=place, made=made, replace=options.replace)
    return RasterReport(found, place, encoding, made.size, made.sha256, made.statistics, kept)


# --- Before -------------------------------------------------------------------------------------


def _check_card(actor: User, card: Card) -> None:
    """Raises Rejected with all problems at once."""
    problems = card_problems({each.name: getattr(card, each.name) for each in fields(card)})
    if problems:
        raise Rejected(
            "\n".join(f"{each.field}: {each.text}" for each in problems),
            remedy=" ".join(dict.fromkeys(each.remedy for each in problems if each.remedy)),
            detail={
                "problems": [{"field": each.field, "message": each.text} for each in problems],
                "control": problems[0].field,
            },
        )


def _files(path: Path) -> list[Path]:
    """Those that belong together: a folder's, or the file and what lies beside it."""
    if path.is_dir():
        files = sorted(each for each in path.iterdir() if each.is_file())
    elif path.is_file():
        files = [path, *neighbours(path)]
    else:
        files = []
    if not files or len(files) > MOST_FILES:
        raise Rejected(
            _("There is no file %(path)s.") % {"path": path}, remedy=_("Check the name.")
        )
    return [each.resolve() for each in files]


def _identity(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return (status.st_ino, status.st_size, status.st_mtime_ns)


@contextmanager
def _workplace() -> Iterator[Path]:
    parent = settings.MEDIA_ROOT / WORKPLACE
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix="raster-") as folder:
        yield Path(folder).resolve()


def _check_disk(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        raise Rejected(
            _("Converting the raster may need %(needed).1f GB, and %(free).1f GB are free.")
            % {"needed": needed / 2**30, "free": free / 2**30},
            remedy=_("Make room on the disk, or cut the raster into pieces."),
        )


# --- In the box ---------------------------------------------------------------------------------


def _inspected(paths: list[Path], folder: Path, watch: Watch) -> tuple[RasterDescription, Path]:
    answer = boxed(
        "rasters.inspect",
        {"paths": [str(each) for each in paths]},
        readable=paths,
        folder=folder,
        watch=watch,
    )
    found = RasterDescription.from_json(answer["description"])
    if found.unpacked:
        # The name is the child's word: only a plain name leads to a file in its own folder.
        return found, folder / UNPACKED / Path(str(answer["name"])).name
    return found, next(each for each in paths if each.name == answer["name"])


def _request(
    raster: Path, found: RasterDescription, place: Place, encoding: Encoding
) -> dict[str, Any]:
    return {
        "path": str(raster),
        "description": found.as_json(),
        "crs": place.datum.crs.to_wkt(),
        "box": list(place.box),
        "block": asdict(place.block),
        "encoding": encoding.as_json(),
    }


def _verified(place: Place, folder: Path, watch: Watch) -> Made:
    """What is in the converted file, by a process that has seen nothing but it."""
    file = folder / CONVERTED
    found = boxed(
        "rasters.verify",
        {"block": asdict(place.block)},
        readable=[],
        folder=folder,
        watch=watch,
    )
    return Made(
        file,
        _sha256(file),
        file.stat().st_size,
        bands=int(found["bands"]),
        dtype=str(found["dtype"]),
        nodata=heard_number(found["nodata"]),
        statistics=[_numbers(each) for each in found["statistics"][:MOST_STATISTICS]],
    )


def _numbers(told: dict[str, Any]) -> dict[str, float]:
    values = {str(name): float(value) for name, value in told.items()}
    return {name: value for name, value in values.items() if math.isfinite(value)}


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(HASH_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
