"""Independent streams of random numbers, each known by its names."""

import zlib

import numpy as np
from numpy.typing import NDArray

Stream = np.random.Generator


def stream(seed: int, *names: str) -> Stream:
    """The same numbers for the same seed and names, however other streams are used."""
    entropy = [seed, *(zlib.crc32(name.encode()) for name in names)]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))


def shares(total: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Whole numbers in proportion to the weights that add up to the total (largest remainders)."""
    if not len(weights):
        return np.zeros(0, dtype=np.int64)
    exact = weights / weights.sum() * total
    counts: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    missing = total - int(counts.sum())
    counts[np.argsort(counts - exact, kind="stable")[:missing]] += 1
    return counts


def picked(rng: Stream, weights: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """`count` indices into the weights, drawn in proportion to them, with repetition."""
    edges = np.cumsum(weights / weights.sum())
    found = np.searchsorted(edges, rng.random(count), side="right")
    return np.minimum(found, len(weights) - 1).astype(np.int64)
