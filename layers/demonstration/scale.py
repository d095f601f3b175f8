"""How many features of each layer, from the one number that is asked for."""

from dataclasses import dataclass
from math import exp, log

DEFAULT_TOILETS = 40_000
PROVINCE_TOILETS = 10_000_000


@dataclass(frozen=True, slots=True)
class Scale:
    """Features by layer. The other layers grow more slowly than the toilets do."""

    toilets: int
    roads: int
    water_works: int
    assets: int
    resettlement_sites: int

    @classmethod
    def of(cls, toilets: int) -> "Scale":
        """The usual numbers at 40,000 toilets, the caps at 10 million.

        >>> Scale.of(40_000)
        Scale(toilets=40000, roads=3000, water_works=1500, assets=2500, resettlement_sites=250)
        """
        if toilets < 0:
            raise ValueError(f"there cannot be {toilets} toilets")
        return cls(
            toilets=toilets,
            roads=_scaled(toilets, floor=300, usual=3_000, cap=100_000),
            water_works=_scaled(toilets, floor=150, usual=1_500, cap=30_000),
            assets=_scaled(toilets, floor=250, usual=2_500, cap=100_000),
            resettlement_sites=_scaled(toilets, floor=50, usual=250, cap=3_000),
        )


def _scaled(toilets: int, *, floor: int, usual: int, cap: int) -> int:
    """In proportion up to the default, then by the power that ends at the cap."""
    if toilets <= DEFAULT_TOILETS:
        return max(floor, usual * toilets // DEFAULT_TOILETS)
    power = log(cap / usual) / log(PROVINCE_TOILETS / DEFAULT_TOILETS)
    return min(cap, round(usual * exp(power * log(toilets / DEFAULT_TOILETS))))
