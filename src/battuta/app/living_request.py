"""What a living run is asked to be: how many sites, for how long, and what each of them does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from battuta.app.living_settings import N_MODULES_MAX
from battuta.domain.errors import UsageError

RESPONSE_SHARE = 0.25
"""Share of the sites that answer frequency, unless told otherwise."""

TICKS_PER_S = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What a living run is asked to be.

    Attributes
    ----------
    n_sites : int
        Number of sites.
    seed : int
        Seed of the world.
    duration_s : int
        How long it lives, up to a year. [s]
    strategy : str
        Which strategy trades.
    response : str
        Product that some sites answer to; empty for none.
    response_share : float
        Share of the sites that do. [-]
    reactive : str
        Q(V) curve by which all sites answer the voltage; empty for none.
    demand_limit_kw : float
        Largest quarter-hour mean of import that each site wants to be billed for, infinite where it does not mind. [kW]
    follow_share : float
        Share of the sites that follow their load instead of the market, chosen among those that answer no product. [-]
    has_foresight : bool
        Whether chillers are asked ahead of the heat; without it they keep to their own thermostat.
    n_modules : int
        Modules with a converter each at every site, which share its setpoint; 1 for one string and one converter.
    faults : tuple of str
        Faults to plant, see `battuta.adapters.devices.simulated.in_process.planted`.
    orders : tuple of str
        Orders of a system operator, see `battuta.app.orders.parse_orders`.
    frequency : Path or None
        Recording of the grid's frequency in place of a synthetic one.
    has_journal : bool
        Whether everything is kept.
    ticks_per_block : int
        Answers of the guard that are given at once.
    """

    n_sites: int = 20
    seed: int = 1
    duration_s: int = 7 * 86_400
    strategy: str = "similar_day"
    response: str = "ce_fcr"
    response_share: float = RESPONSE_SHARE
    reactive: str = "ieee_1547_b_like"
    demand_limit_kw: float = math.inf
    follow_share: float = 0.0
    has_foresight: bool = True
    n_modules: int = 1
    faults: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    frequency: Path | None = None
    has_journal: bool = True
    ticks_per_block: int = TICKS_PER_S

    def __post_init__(self) -> None:
        """Refuse runs of nothing."""
        if not 1 <= self.n_sites <= 10_000:
            message = f"sites = {self.n_sites} must lie between 1 and 10000"
            raise UsageError(message)
        if not 1 <= self.duration_s <= 366 * 86_400:
            message = f"duration = {self.duration_s} s must lie between 1 s and 366 days"
            raise UsageError(message)
        for name, share in (("response share", self.response_share), ("follow share", self.follow_share)):
            if not 0.0 <= share <= 1.0:
                message = f"{name} = {share:g} must lie between 0 and 1"
                raise UsageError(message)
        if not 1 <= self.n_modules <= N_MODULES_MAX:
            message = f"modules = {self.n_modules} must lie between 1 and {N_MODULES_MAX}"
            raise UsageError(message)
        if not self.demand_limit_kw > 0.0:
            message = f"demand limit = {self.demand_limit_kw:g} kW must be above 0; leave it out for none"
            raise UsageError(message)

    @property
    def answering(self) -> frozenset[int]:
        """Numbers of the sites that answer a product, spread evenly; one at least where any share is asked for."""
        if not self.response or self.response_share == 0.0:
            return frozenset()
        return _spread(range(self.n_sites), max(self.response_share, 1.0 / self.n_sites), self.n_sites)

    @property
    def following(self) -> frozenset[int]:
        """Numbers of the sites that follow their load, spread evenly over those that answer no product."""
        free = [site for site in range(self.n_sites) if site not in self.answering]
        return _spread(free, self.follow_share, self.n_sites)


def _spread(numbers: Sequence[int], share: float, n_sites: int) -> frozenset[int]:
    n_chosen = min(round(n_sites * share), len(numbers))
    return frozenset(numbers[round(k * len(numbers) / n_chosen)] for k in range(n_chosen))
