"""A year of a site around its cells, with seasons, wet spells, visits and planted faults. SYNTHETIC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.site_log import SiteLog
from battuta.domain.time import NS_PER_DAY, to_ns
from battuta.numerics.sampling import generator
from battuta.world.foreign.site_cooling import air_columns, coolant_columns
from battuta.world.foreign.site_duty import site_duty
from battuta.world.foreign.site_electrics import joint_columns, panel_columns, switching_columns
from battuta.world.foreign.site_faults import SiteFault
from battuta.world.foreign.site_weather import site_weather

_MINUTES_OF_DAY = 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    """A site to simulate.

    Attributes
    ----------
    seed : int
        Seed of everything; the same gives the same bytes.
    n_days : int
        Days. [d]
    step_minutes : int
        Step of the log, a divisor of a day. [min]
    n_strings : int
        Strings. [-]
    start : datetime
        The first of a January, midnight UTC.
    missing_share : float
        Share of rows that are lost. [-]
    faults : tuple of SiteFault
        What breaks.
    """

    seed: int
    n_days: int = 365
    step_minutes: int = 10
    n_strings: int = 8
    start: datetime = datetime(2025, 1, 1, tzinfo=UTC)
    missing_share: float = 0.01
    faults: tuple[SiteFault, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be simulated."""
        for name, value, low, high, unit in (
            ("n_days", self.n_days, 1, 3660, "d"),
            ("n_strings", self.n_strings, 1, 1000, "-"),
            ("step_minutes", self.step_minutes, 1, 60, "min"),
            ("missing_share", self.missing_share, 0.0, 0.9, "-"),
        ):
            if not low <= value <= high:
                raise InvalidQuantityError(name, value, low, high, unit, where="SitePlan")
        if _MINUTES_OF_DAY % self.step_minutes:
            raise InvalidQuantityError(
                "step_minutes", self.step_minutes, 1, 60, "min", where="SitePlan, not a divisor of a day"
            )


def site_year(plan: SitePlan) -> SiteLog:
    """Let a site live.

    Parameters
    ----------
    plan : SitePlan
        The site.

    Returns
    -------
    SiteLog
        What it logs. SYNTHETIC.

    Examples
    --------
    >>> log = site_year(SitePlan(seed=1, n_days=2, missing_share=0.0))
    >>> log.n_times, len(log.logged())
    (288, 26)
    """
    n_per_day = _MINUTES_OF_DAY // plan.step_minutes
    day = np.arange(plan.n_days * n_per_day) / n_per_day
    weather = site_weather(plan.seed, plan.n_days, n_per_day)
    duty = site_duty(plan.seed, plan.n_days, n_per_day, plan.n_strings)
    coolant = coolant_columns(plan.seed, day, weather, duty, plan.faults)
    air = air_columns(plan.seed, day, weather, coolant["coolant_in_c"], plan.faults)
    switching = switching_columns(plan.seed, day, duty, plan.faults)
    joints = joint_columns(plan.seed, day, switching["string_current_a"], air["air_c"], plan.faults)
    panel = panel_columns(plan.seed, day, duty, plan.faults)
    columns = {**coolant, **air, **switching, **joints, **panel}
    kept = generator(plan.seed, "world.foreign.site.lost").random(day.size) >= plan.missing_share
    time_ns = to_ns(plan.start) + np.round(day * NS_PER_DAY).astype(np.int64)
    return SiteLog(
        site_id=f"SYNTHETIC-{plan.seed}",
        time_ns=time_ns[kept],
        **{name: values[kept] for name, values in columns.items()},
    )
