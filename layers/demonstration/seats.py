"""Invented seats: townships spread over their county, villages over their township."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.demonstration.streams import Stream
from layers.demonstration.territory import PLACES, XY, Territory, metres, pulled_inside, scattered

SAMPLES_A_VILLAGE = 14
ROUNDS = 6
APART_DEGREES = 0.004

KNOWN_SEATS = {"433124110226": (109.46, 28.33)}
"""十八洞村 stands about where it really is; all other seats are invented."""


@dataclass(frozen=True)
class Places:
    """Seats of one level in one county, in the order of their codes; arrays of one length.

    `parent` is, for villages, the index of the township.
    """

    codes: NDArray[np.str_]
    names: NDArray[np.str_]
    xy: XY
    parent: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True)
class Settlement:
    """A county with its townships and villages."""

    territory: Territory
    townships: Places
    villages: Places


Named = list[tuple[str, str]]
"""Codes and names, in the order of codes."""


def settled(rng: Stream, territory: Territory, townships: Named, villages: Named) -> Settlement:
    """Give every township a neighbourhood of the county and every village a place in it."""
    parents = {code[:9]: index for index, (code, _name) in enumerate(townships)}
    villages = [each for each in villages if each[0][:9] in parents]
    parent = np.array([parents[code[:9]] for code, _name in villages], dtype=np.int64)
    samples = scattered(rng, territory, SAMPLES_A_VILLAGE * max(len(villages), 4 * len(townships)))
    seats, cells = relaxed(rng, samples, len(townships))
    _keep_known(territory, townships, samples, seats, cells)
    places = _village_seats(rng, samples, cells, seats, parent)
    for index, (code, _name) in enumerate(villages):
        if code in KNOWN_SEATS and territory.holds(np.array([KNOWN_SEATS[code]])).all():
            places[index] = KNOWN_SEATS[code]
    return Settlement(
        territory,
        _places(townships, seats, np.zeros(len(townships), dtype=np.int64)),
        _places(villages, pulled_inside(territory, places, seats[parent]), parent),
    )


def _places(named: Named, xy: XY, parent: NDArray[np.int64]) -> Places:
    return Places(
        np.array([code for code, _name in named], dtype="<U12"),
        np.array([name for _code, name in named], dtype=object),
        xy,
        parent,
    )


def relaxed(rng: Stream, samples: XY, count: int) -> tuple[XY, NDArray[np.int64]]:
    """`count` of the samples, evenly spread (Lloyd's rounds), and the nearest one of each sample.

    Seats are samples themselves, so they are inside even where the county is concave.
    """
    plane = metres(samples)
    seats = plane[rng.permutation(len(samples))[:count]]
    for _round in range(ROUNDS):
        nearest = _nearest(plane, seats)
        totals = np.bincount(nearest, minlength=count)
        for axis in (0, 1):
            sums = np.bincount(nearest, weights=plane[:, axis], minlength=count)
            seats[:, axis] = np.where(totals > 0, sums / np.maximum(totals, 1), seats[:, axis])
    chosen = _nearest(seats, plane)
    return samples[chosen].copy(), _nearest(plane, plane[chosen])


def _nearest(points: XY, others: XY) -> NDArray[np.int64]:
    """For each point the index of the nearest of the others."""
    squares = ((points[:, None, :] - others[None, :, :]) ** 2).sum(axis=2)
    nearest: NDArray[np.int64] = squares.argmin(axis=1)
    return nearest


def _keep_known(
    territory: Territory, townships: Named, samples: XY, seats: XY, cells: NDArray[np.int64]
) -> None:
    """Swap neighbourhoods, in place, so that a known village lies in its own township's."""
    index_of = {code[:9]: index for index, (code, _name) in enumerate(townships)}
    for code, place in KNOWN_SEATS.items():
        known = np.array([place])
        ours = index_of.get(code[:9])
        if ours is None or not territory.holds(known).all():
            continue
        theirs = int(cells[_nearest(known, samples)[0]])
        seats[[ours, theirs]] = seats[[theirs, ours]]
        swapped = cells.copy()
        swapped[cells == ours], swapped[cells == theirs] = theirs, ours
        cells[:] = swapped


def _apart(rng: Stream, places: XY, seat: XY) -> XY:
    """Places that are hardly apart from the seat, put some hundred metres away from it."""
    bearing = rng.random(len(places)) * 2 * np.pi
    ring = seat + APART_DEGREES * np.column_stack([np.cos(bearing), np.sin(bearing)])
    close = np.hypot(*(places - seat).T) < APART_DEGREES
    return np.where(close[:, None], ring, places)


def _village_seats(
    rng: Stream, samples: XY, cells: NDArray[np.int64], seats: XY, parent: NDArray[np.int64]
) -> XY:
    """Villages spread over their township's samples, some of them drawn towards its seat."""
    places = np.empty((len(parent), 2))
    for township, seat in enumerate(seats):
        members = np.flatnonzero(parent == township)
        ground = samples[cells == township]
        if len(ground) < len(members):
            ground = np.concatenate([ground, np.tile(seat, (len(members), 1))])
        if len(members):
            spread, _cells = relaxed(rng, ground, len(members))
            pull = rng.random((len(members), 1)) ** 2 * 0.6
            jitter = rng.normal(0, 0.0006, spread.shape)
            places[members] = _apart(rng, spread + (seat - spread) * pull + jitter, seat)
    rounded: XY = np.round(places, PLACES)
    return rounded
