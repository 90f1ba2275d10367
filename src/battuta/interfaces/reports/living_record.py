"""What is shown of a living run, gathered once for its figures, its tables and its page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from battuta.interfaces.reports.step_record import money_name
from battuta.interfaces.reports.wall_clock import WallClock
from battuta.numerics.arrays import FloatArray, IntArray

if TYPE_CHECKING:
    from battuta.app.living_request import RunRequest
    from battuta.app.living_result import LivingResult
    from battuta.app.living_run import LivingRun
    from battuta.app.run_trace import Trace
    from battuta.domain.asset import Site


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LivingRecord:
    """A run that is over, as its report shows it.

    Attributes
    ----------
    request : RunRequest
        What it was asked to be.
    site : Site
        What each site was like.
    result : LivingResult
        What came of it.
    trace : Trace
        What happened, in steps.
    nominal_hz : float
        Nominal frequency of the grid that the sites stood in. [Hz]
    """

    request: RunRequest
    site: Site
    result: LivingResult
    trace: Trace
    nominal_hz: float

    @classmethod
    def of(cls, run: LivingRun, result: LivingResult) -> LivingRecord:
        """Gather a run that is over, with what came of it; its trace is closed."""
        return cls(
            request=run.request,
            site=run.site,
            result=result,
            trace=run.trace.finish(),
            nominal_hz=run.system.nominal_hz,
        )

    @property
    def clock(self) -> WallClock:
        """How times are shown."""
        return WallClock.of(self.result.prices)

    @property
    def money(self) -> str:
        """What amounts are counted in."""
        return money_name(self.result.prices)

    @property
    def label(self) -> str:
        """What must stand on every figure and table of the run."""
        return f"simulated sites; {self.result.prices.money_label}".removesuffix("; ")

    @property
    def step_name(self) -> str:
        """Length of a step of the trace in words."""
        step_s = self.trace.step_s
        return f"{step_s} s" if step_s < 60 else f"{step_s // 60} min" if step_s < 3_600 else f"{step_s // 3_600} h"

    @property
    def end_ns(self) -> IntArray:
        """Ends of the steps of the trace, the last one shortened to what was lived, shape (n_steps,). [ns]"""
        step_ns = self.trace.step_s * 10**9
        end_ns = self.trace.time_ns + step_ns
        lived_ns = int(self.trace.time_ns[0]) + self.result.simulated_s * 10**9 if end_ns.size else 0
        return np.minimum(end_ns, lived_ns)

    def revenue_per_site(self) -> FloatArray:
        """Money of what each site delivered at the market's price, fees and wear left out, shape (n_sites,)."""
        prices = self.result.prices
        price = prices.price_per_mwh[self.result.steps]
        return price @ self.result.delivered_kw * prices.step_h / 1000.0

    def cycles_per_site(self) -> FloatArray:
        """Energy that left each converter over the stored energy of a battery, shape (n_sites,). [-]"""
        return self.trace.energy_out_kwh / self.site.battery.energy_kwh

    def alarms_per_site(self) -> IntArray:
        """Number of alarms of each site, shape (n_sites,)."""
        counted = Counter(alarm.site for _, alarm in self.result.alarms)
        return np.array([counted[site] for site in range(self.result.n_sites)], dtype=np.int64)

    def hottest_per_site(self) -> FloatArray:
        """Hottest cell of each site, NaN where none ever spoke, shape (n_sites,). [degC]"""
        return np.fmax.reduce(self.trace.cell_temperature_c_max.astype(np.float64), axis=0)
