"""Writers of every kind at once, each reading after its own commits what tiles say of it.

For the suite and, longer, for the benchmark. A pair is a commit that changed what a tile shows,
and a read of that tile after it; the read asks with the service's own statement, for all at once.
"""

import io
import random
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from layers.access.policy import EVERYTHING
from layers.editing import bulk, service
from layers.editing.request import EditRequest
from layers.editing.upkeep import record_upkeeps
from layers.models import Changeset, Operation, UpkeepState, User
from layers.registry import LAYERS
from tests.tiles.conftest import tile_over
from tests.tiles.together import Together
from tiles import serving
from tiles.overview.checking import differences
from tiles.overview.folding import fold
from tiles.overview.reading import TileReading

TOILETS = LAYERS["toilets"]
COLUMNS = ["code", "division", "category", "toilet_type", "geom", "changeset_id"]
ZOOM = 16
APART_DEG = 0.018
"""Three tiles and more: what is around one tile is not around the next."""

ROW = 40
"""So many places in a row of a writer's."""

FOLD_PAUSE_S = 0.05
RECOUNT_PAUSE_S = 0.5


class _Undo(Exception):
    """Rolls a step back."""


@dataclass
class Pairs:
    """How many pairs were read and how many snapshots recounted."""

    read: int = 0
    recounted: int = 0


@dataclass
class Writer:
    """Has so many tiles to itself, each around one place."""

    number: int
    actor: User
    count: int

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)  # noqa: S311  (repeatable, not secret)
        south = 26.0 + self.number * (self.count // ROW + 3) * APART_DEG
        self.places = [
            (109.0 + each % ROW * APART_DEG, south + each // ROW * APART_DEG)
            for each in range(self.count)
        ]
        self.readings = [
            TileReading(TOILETS, tile_over(*place, ZOOM), EVERYTHING) for place in self.places
        ]
        self.features: list[int] = []
        self.states: list[UpkeepState] = []
        self.loads: list[tuple[Changeset, list[int]]] = []
        self.seen: list[set[str]] = [set() for _tile in self.places]
        self.tags: list[str] = []

    def begin(self) -> None:
        """A feature in each tile."""
        changeset = self._load(list(range(self.count)))
        rows = TOILETS.rows.filter(changeset=changeset).order_by("id")
        self.features = list(rows.values_list("pk", flat=True))
        self.states = [UpkeepState(each) for each in rows.values_list("upkeep_state", flat=True)]
        self._prepare()
        self.tags = self._read()
        for tag, seen in zip(self.tags, self.seen, strict=True):
            seen.add(tag)

    def step(self) -> int:
        """One transaction of any kind, and the read after it; how many tiles it changed."""
        kinds = (self.wear, self.load, self.unload, self.edit, self.think_better_of_it)
        (kind,) = self.chance.choices(kinds, (80, 5, 5, 5, 5))
        changed = kind()
        for tile, tag in enumerate(self._read()):
            if tile in changed:
                assert tag not in self.seen[tile], f"{kind.__name__}: a tile of before"
                self.seen[tile].add(tag)
                self.tags[tile] = tag
            else:
                assert tag == self.tags[tile], f"{kind.__name__}: another tile than before"
        return len(changed)

    # --- Steps: each returns the tiles that show something else afterwards --------------------

    def wear(self) -> set[int]:
        """The state of every feature becomes another one."""
        self.states = [
            self.chance.choice([each for each in UpkeepState if each != state])
            for state in self.states
        ]
        standings = {
            pk: (None, state) for pk, state in zip(self.features, self.states, strict=True)
        }
        record_upkeeps(TOILETS, standings)
        return set(range(self.count))

    def load(self) -> set[int]:
        tiles = self.chance.sample(range(self.count), min(20, self.count))
        self.loads.append((self._load(tiles), tiles))
        return set(tiles)

    def unload(self) -> set[int]:
        if not self.loads:
            return set()
        changeset, tiles = self.loads.pop(self.chance.randrange(len(self.loads)))
        bulk.unload(actor=self.actor, layer=TOILETS, changeset=changeset)
        return set(tiles)

    def edit(self) -> set[int]:
        """Some get another name, one is moved within its tile."""
        tiles = self.chance.sample(range(self.count), min(4, self.count))
        for position, tile in enumerate(tiles):
            feature = TOILETS.rows.get(pk=self.features[tile])
            lon, lat = self.places[tile]
            moved = {"type": "Point", "coordinates": [lon + 1e-5 * self.chance.random(), lat]}
            request = EditRequest(
                uid=uuid.uuid4(),
                layer=TOILETS.name,
                operation=Operation.UPDATE,
                feature_id=feature.pk,
                base_version=feature.version,
                geometry=None if position else moved,
                properties={"name": f"公厕{self.chance.random()}"},
            )
            assert service.submit(actor=self.actor, request=request).in_the_journal
        return set(tiles)

    def think_better_of_it(self) -> set[int]:
        """Every kind of write, rolled back."""
        states, loads = list(self.states), list(self.loads)
        try:
            with transaction.atomic():
                for write in (self.wear, self.load, self.unload, self.edit):
                    write()
                raise _Undo
        except _Undo:
            self.states, self.loads = states, loads
        return set()

    def _load(self, tiles: list[int]) -> Changeset:
        changeset = Changeset.objects.create(
            kind=Changeset.Kind.IMPORT, author=self.actor, layer=TOILETS.name
        )
        rows = "".join(
            f"{uuid.uuid4()},433124000000,household,three_chamber,"
            f"SRID=4490;POINT({self.places[tile][0]} {self.places[tile][1]}),{changeset.pk}\n"
            for tile in tiles
        )
        bulk.load(
            actor=self.actor,
            layer=TOILETS,
            changeset=changeset,
            columns=COLUMNS,
            chunks=[io.BytesIO(rows.encode())],
        )
        return changeset

    # --- Reading -----------------------------------------------------------------------------

    def _prepare(self) -> None:
        """A table of this connection's with the values of all tiles' statements."""
        rows = [
            (number, each.values["first"], each.values["last"], each.values["ring"])
            for number, each in enumerate(self.readings)
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE asked"
                " (number integer, first bigint, last bigint, ring bigint[])"
            )
            cursor.executemany("INSERT INTO asked VALUES (%s, %s, %s, %s)", rows)
            cursor.execute("ANALYZE asked")
            # The planner takes new tables for empty, and would read them whole for every tile.
            cursor.execute("SET enable_seqscan = off")
            text = serving.asking(self.readings[0]).text.as_string(cursor.cursor)
        self._statement = (
            "SELECT told.* FROM asked CROSS JOIN LATERAL ("
            + text.replace("%(layer)s", f"'{TOILETS.name}'")
            .replace("%(first)s", "asked.first")
            .replace("%(last)s", "asked.last")
            .replace("%(ring)s", "asked.ring")
            + ") AS told ORDER BY number"
        )

    def _read(self) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(self._statement)
            rows = cursor.fetchall()
        found = [
            serving.standing(reading, row).tag
            for reading, row in zip(self.readings, rows, strict=True)
        ]
        return [tag for tag in found if tag is not None]


def _analyse() -> None:
    """What autovacuum does some time later; joins of tables taken for empty take for ever."""
    fold()
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {TOILETS.table}, tiles_cell")


def run(actor: User, *, writers: int, tiles: int, pairs: int) -> Pairs:
    """Until so many pairs were read; two fold meanwhile, and one recounts every snapshot it sees.

    Raises what went wrong first.
    """
    found, lock, done = Pairs(), threading.Lock(), threading.Event()

    def write(number: int) -> Callable[[], None]:
        def body() -> None:
            writer = Writer(number, actor, tiles)
            writer.begin()
            _analyse()
            while not done.is_set():
                changed = writer.step()
                with lock:
                    found.read += changed
                    if found.read >= pairs:
                        done.set()

        return body

    def fold_all_the_time() -> None:
        while not done.wait(FOLD_PAUSE_S):
            fold()

    def recount_all_the_time() -> None:
        while not done.wait(RECOUNT_PAUSE_S):
            wrong = list(differences(layer=TOILETS.name, table=TOILETS.table))
            assert wrong == [], wrong[:3]
            found.recounted += 1

    def ending_all(body: Callable[[], None]) -> Callable[[], None]:
        """The others end, too, when one is done or fails."""

        def run_it() -> None:
            try:
                body()
            finally:
                done.set()

        return run_it

    bodies = [write(number) for number in range(writers)]
    bodies += [fold_all_the_time, fold_all_the_time, recount_all_the_time]
    Together().run(*map(ending_all, bodies))
    return found
