"""manage.py pack: the map of an area as PMTiles, for where there is no signal."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from layers.access.actors import actor_named
from layers.errors import Rejected, ServiceError
from layers.models.access import User
from tiles.models import Pack
from tiles.packs import jobs
from tiles.packs.area import Area, named_area
from tiles.packs.building import Built, Progress, build, estimate
from tiles.packs.estimate import Estimate
from tiles.packs.shapes import MOST_BYTES, read_shape
from tiles.packs.sources import VECTORS
from tiles.packs.wish import BUDGET, EVERY_LAYER, MAX_ZOOM, MEGABYTE, Wish

REFUSED = 2
SECONDS_BETWEEN_LINES = 2.0


class ProgressLine:
    """The estimate on standard output as soon as it is known, then tiles, rate and remaining time
    on standard error; on a terminal one line, rewritten."""

    def __init__(self, command: BaseCommand) -> None:
        self._out, self._stream = command.stdout, command.stderr
        self._started = self._last = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.estimate and not self._started:
            print_estimate(self._out, progress.estimate)
            self._started = self._last = now
        if not progress.done or now - self._last < SECONDS_BETWEEN_LINES:
            return
        self._last = now
        rate = progress.done / (now - self._started)
        text = _(
            "%(done)d of %(total)d tiles, %(size).1f MB, %(rate)d tiles/s, %(left)d s left"
        ) % {
            "done": progress.done,
            "total": progress.total,
            "size": progress.bytes / MEGABYTE,
            "rate": rate,
            "left": (progress.total - progress.done) / rate,
        }
        self._stream.write(text, ending="\r" if self._stream.isatty() else "\n")


def print_estimate(stream: Any, plan: Estimate) -> None:
    for each in plan.zooms:
        line = _("zoom %(zoom)2d: %(tiles)8d tiles, about %(size)8.2f MB") % {
            "zoom": each.zoom,
            "tiles": each.tiles,
            "size": each.bytes / MEGABYTE,
        }
        stream.write(line)
    if plan.lowered:
        text = _("The highest zoom is %(zoom)d, not %(asked)d: more is over the budget.")
        stream.write(text % {"zoom": plan.max_zoom, "asked": plan.asked_max_zoom})
    text = _("In all about %(size).2f MB in %(tiles)d tiles.")
    stream.write(text % {"size": plan.bytes / MEGABYTE, "tiles": plan.tiles})


class Command(BaseCommand):
    help = "Make an offline pack, inside an account's grants (docs/packs.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "area", metavar="AREA", help="code or name of a division, code of a zone, GeoJSON file"
        )
        parser.add_argument("--user", metavar="USERNAME", help="who makes it")
        parser.add_argument("--layers", metavar="NAME,NAME", help=f"of {', '.join(EVERY_LAYER)}")
        parser.add_argument("--raster", metavar="NAME", default="", help="and one raster")
        parser.add_argument("--max-zoom", metavar="N", type=int, default=MAX_ZOOM)
        parser.add_argument("--budget", metavar="50MB", default=f"{BUDGET // MEGABYTE}MB")
        parser.add_argument("--output", metavar="FILE", type=Path, help="else kept for download")
        parser.add_argument("--estimate", action="store_true", help="how large it would be")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        try:
            self._pack(actor_named(options["user"]), options)
        except ServiceError as refusal:
            text = f"{refusal.message}\n{refusal.remedy}".strip()
            raise CommandError(text, returncode=REFUSED) from refusal

    def _pack(self, actor: User, options: dict[str, Any]) -> None:
        wish = _wish(actor, options)
        if options["estimate"]:
            print_estimate(self.stdout, estimate(actor=actor, wish=wish))
            return
        started = time.monotonic()
        if options["output"]:
            built, where = self._written(actor, wish, options["output"])
        else:
            built, where = self._kept(actor, wish)
        text = _("%(size).1f MB in %(seconds).1f s: %(where)s")
        seconds = time.monotonic() - started
        self.stdout.write(
            text % {"size": built.size / MEGABYTE, "seconds": seconds, "where": where}
        )

    def _written(self, actor: User, wish: Wish, target: Path) -> tuple[Built, str]:
        """Nothing appears before all of it is there, and nothing is written over."""
        for path in _targets(target, wish):
            if path.exists():
                raise Rejected(
                    _("There is a file %(name)s already.") % {"name": path.name},
                    remedy=_("Remove it, or give another name."),
                )
        if not target.parent.is_dir():
            raise Rejected(_("There is no folder %(name)s.") % {"name": target.parent})
        with TemporaryDirectory(dir=target.parent, prefix=".pack-") as scratch:
            folder = Path(scratch)
            built = build(actor=actor, wish=wish, folder=folder, progress=ProgressLine(self))
            told = folder / "manifest.json"
            told.write_text(json.dumps(built.manifest, ensure_ascii=False, indent=2), "utf-8")
            made = [folder / each["name"] for each in built.manifest["files"]]
            for path, final in zip([told, *made], _targets(target, wish), strict=True):
                path.replace(final)
        return built, str(target)

    def _kept(self, actor: User, wish: Wish) -> tuple[Built, str]:
        """As the API does it, but here and now."""
        with transaction.atomic():
            pack = jobs.keep(actor=actor, wish=wish)
        jobs.run(pack.uid, ProgressLine(self))
        pack.refresh_from_db()
        if pack.state != Pack.State.DONE:
            raise Rejected(pack.problem["message"], remedy=pack.problem["remedy"])
        built = Built(pack.manifest, tuple(pack.prefixes), pack.size)
        return built, str(pack.folder / VECTORS)


def _targets(target: Path, wish: Wish) -> list[Path]:
    """The manifest, the vectors, and the raster: a.json, a.pmtiles, a.dem.pmtiles."""
    found = [target.with_suffix(".json"), target]
    return [*found, target.with_suffix(f".{wish.raster}.pmtiles")] if wish.raster else found


def _wish(actor: User, options: dict[str, Any]) -> Wish:
    names = options["layers"]
    return Wish(
        area=_area(options["area"], actor),
        layers=EVERY_LAYER if names is None else [each.strip() for each in names.split(",")],
        raster=options["raster"],
        max_zoom=options["max_zoom"],
        budget=_bytes(options["budget"]),
    )


def _area(text: str, actor: User) -> Area:
    path = Path(text)
    if path.suffix.lower() not in {".geojson", ".json"}:
        return named_area(text, actor)
    try:
        with path.open(encoding="utf-8-sig") as file:
            return Area.drawn(read_shape(file.read(MOST_BYTES + 1)), path.stem[:60])
    except (OSError, UnicodeDecodeError) as error:
        raise Rejected(
            _("The file %(name)s cannot be read.") % {"name": path.name},
            remedy=_("Give a GeoJSON file in UTF-8."),
        ) from error


def _bytes(text: str) -> int:
    """50MB, 50 or 0.5GB; without a unit megabytes."""
    units = {"GB": 1000 * MEGABYTE, "MB": MEGABYTE}
    given = text.strip().upper()
    unit = next((each for each in units if given.endswith(each)), "")
    try:
        return int(float(given.removesuffix(unit)) * units.get(unit, MEGABYTE))
    except (ValueError, OverflowError) as error:
        raise Rejected(
            _("“%(text)s” is no size.") % {"text": text[:20]}, remedy=_("For example 50MB.")
        ) from error
