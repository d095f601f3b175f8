"""How well places fit under a datum: how many fall into their stated counties, how near known ones.

Two readings differ only in the rows that one of them puts right and the other wrong; of the rest
both say the same. So they are compared by those rows alone (the sign test), and one counts as
decisively better from three standard deviations on: with nine such rows all must agree.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from importers.places.datums import Ordinates, Shapes, named_datum
from importers.places.ordinates import unpacked
from importers.places.sample import Sample
from layers.distance import ELLIPSOID
from layers.divisions import CountyLocator

KnownPlaces = Callable[[pa.RecordBatch], Shapes]
"""Of a batch of the file's rows the features that are on the map already, in EPSG:4490, aligned
with the rows; None where a row is new."""

MOST_KNOWN = 2_000
DEVIATIONS = 3.0
FEWEST_KNOWN = 5
NEAR_KNOWN_M = 150.0
"""A known feature is at its place, whoever surveyed it; the offsets are 370 m and more."""
WIDE = 0.2
"""Where no row states a county there is only the province's line, and it is on one side: of a file
along the eastern border an offset takes places out of the neighbour, and never any the other way.
So only a share that no offset can move tells anything, as a wrong meridian does."""
LEAST_SHARE = 0.5
"""A reading that puts most places into other counties is not made right by a worse one."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read the ordinates."""

    datum: str
    packed: bool = False

    @property
    def answer(self) -> str:
        """As an option's value: what `answers.answered` takes."""
        return f"{self.datum} packed" if self.packed else self.datum


@dataclass(frozen=True, slots=True)
class Score:
    """How the rows fit.

    `fits` tells of each row that states a county whether it lies there; where no row states one
    (`stated` is 0), of each row whether it lies in any of Hunan. `metres` are distances to known
    features. `counties` are those that most places fall into, with their shares.
    """

    candidate: Candidate
    fits: NDArray[np.bool_]
    stated: int
    metres: NDArray[np.float64]
    counties: tuple[tuple[str, float], ...]

    @property
    def share(self) -> float:
        return float(self.fits.mean()) if len(self.fits) else 0.0

    @property
    def known_m(self) -> float:
        """The median; inf where too few features are known."""
        if len(self.metres) < FEWEST_KNOWN:
            return float("inf")
        return float(np.median(self.metres))

    @property
    def rank(self) -> tuple[bool, float]:
        """Lower is better."""
        near = self.known_m <= NEAR_KNOWN_M
        return not near, self.known_m if near else -self.share

    def beats(self, other: "Score") -> bool:
        """Decisively. What is known to be on the map tells more than lines between counties."""
        if self._nearer(other):
            return True
        if other._nearer(self) or self.share < LEAST_SHARE:
            return False
        if not self.stated:
            return self.share - other.share >= WIDE
        wins = int((self.fits & ~other.fits).sum())
        losses = int((other.fits & ~self.fits).sum())
        return wins > losses and wins - losses >= DEVIATIONS * float(np.sqrt(wins + losses))

    def _nearer(self, other: "Score") -> bool:
        return self.known_m <= NEAR_KNOWN_M and self.known_m * 2 < other.known_m


class Evidence:
    """Scores candidates over one sample."""

    def __init__(
        self, sample: Sample, locator: CountyLocator, known_places: KnownPlaces | None = None
    ) -> None:
        self._sample = sample
        self._locator = locator
        self._known_rows, self._known = _known(sample, known_places)

    def scores(self, candidates: list[Candidate]) -> list[Score]:
        """Best first; equals stay in their order."""
        return sorted(map(self._score, candidates), key=lambda score: score.rank)

    def scores_of(self, first: Candidate, others: list[Candidate]) -> list[Score]:
        """The first one's, then those of the others, best first."""
        return [self._score(first), *self.scores(others)]

    def _score(self, candidate: Candidate) -> Score:
        lonlat = self.degrees(candidate)
        found = self._locator.locate_ordinates(lonlat)
        stated = self._sample.counties != ""
        fits = found[stated] == self._sample.counties[stated] if stated.any() else found != ""
        return Score(
            candidate,
            np.asarray(fits),
            int(stated.sum()),
            _metres(self._known, lonlat[self._known_rows]),
            _most(found),
        )

    def degrees(self, candidate: Candidate) -> Ordinates:
        """Where the sample's rows are under the candidate."""
        ordinates = self._sample.ordinates
        if candidate.packed:
            ordinates = unpacked(ordinates)
        # An error of 1 m stands for "as it is": Xian 1980 is judged unshifted.
        return named_datum(candidate.datum, accuracy_m=1.0).to_degrees(ordinates)


def _known(sample: Sample, known_places: KnownPlaces | None) -> tuple[NDArray[np.intp], Shapes]:
    """The rows of known features and their shapes, of evenly spread rows of the sample."""
    nothing = np.array([], dtype=np.intp), np.array([], dtype=object)
    if known_places is None or not len(sample):
        return nothing
    rows = np.unique(np.linspace(0, len(sample) - 1, MOST_KNOWN).astype(np.intp))
    shapes = np.asarray(known_places(sample.batch.take(pa.array(rows))), dtype=object)
    there = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    return rows[there], shapes[there]


def _metres(known: Shapes, lonlat: Ordinates) -> NDArray[np.float64]:
    """From each place to the nearest point of its known feature; roughly, as limits need it."""
    given = np.isfinite(lonlat).all(axis=1)
    if not given.any():
        return np.array([], dtype=float)
    lines = shapely.shortest_line(shapely.points(lonlat[given]), known[given])
    start, end = (shapely.get_coordinates(shapely.get_point(lines, place)) for place in (0, -1))
    return np.asarray(ELLIPSOID.inv(*start.T, *end.T)[2])


def _most(found: NDArray[np.str_], most: int = 2) -> tuple[tuple[str, float], ...]:
    codes, counts = np.unique(found[found != ""], return_counts=True)
    order = np.argsort(-counts, kind="stable")[:most]
    return tuple((str(codes[at]), float(counts[at] / len(found))) for at in order)
