"""A string of cells of an invented kind that walks up and down its own curve. SYNTHETIC."""

import numpy as np

from battuta.health.string_curve import StringCurve
from battuta.health.string_resistance import StringResistance
from battuta.physics.cell_parameters import cell_parameters
from battuta.world.foreign.cell_law import FORMS

PARAMETERS = cell_parameters("lfp_314ah")
CAPACITY_AH, N_TIMES, STEP_S = 314.0, 1440, 60.0
WIDTH = 0.02
"""Charge over capacity in which one branch turns into the other. [-]"""


class Walk:
    """One string in the middle of its cells; each day is a discharge, a rest, a charge, and a rest."""

    def __init__(self, form: int = 0, *, rate_a: float = 110.0, seed: int = 1) -> None:
        self.form, self.rate_a, self.rng = FORMS[form], rate_a, np.random.default_rng(seed)
        self.resistance = StringResistance.of_kind(PARAMETERS, CAPACITY_AH)
        self.day, self.soc, self.slow_a, self.last_a, self.branch = 0, 0.9, 0.0, 0.0, 0.0
        self.curve = StringCurve(PARAMETERS, CAPACITY_AH, self.resistance)

    def rest_v(self, soc, branch):
        return self.form.open_circuit_v(soc) - branch * self.form.half_gap_v(soc)

    def slope_v(self, soc, branch):
        return (self.rest_v(soc + 0.002, branch) - self.rest_v(soc - 0.002, branch)) / 0.004

    def asked_a(self, low, high):
        current_a = np.zeros(N_TIMES)
        hours = (self.soc - low) * CAPACITY_AH / self.rate_a, (high - low) * CAPACITY_AH / self.rate_a
        current_a[30 : 30 + int(60 * hours[0])] = self.rate_a
        current_a[760 : 760 + int(60 * hours[1])] = -self.rate_a
        return current_a

    def live(self, low=None, high=None):
        """Time, current and voltage of a day, then its true places and branches."""
        low = self.rng.uniform(0.02, 0.12) if low is None else low
        high = self.rng.uniform(0.93, 0.99) if high is None else high
        current_a = self.asked_a(low, high)
        soc, slow_a, branch = np.empty((3, N_TIMES))
        fade = np.exp(-STEP_S / self.resistance.slow_s)
        for t, flows_a in enumerate(current_a):
            self.slow_a = fade * self.slow_a + (1.0 - fade) * self.last_a
            moved = 0.5 * (flows_a + self.last_a) * STEP_S / 3600.0 / CAPACITY_AH
            self.branch += (np.sign(moved) - self.branch) * (1.0 - np.exp(-abs(moved) / WIDTH))
            self.soc, self.last_a = self.soc - moved, flows_a
            soc[t], slow_a[t], branch[t] = self.soc, self.slow_a, self.branch
        drop_v = self.resistance.drop_v(current_a, slow_a, np.ones(N_TIMES))
        middle_v = self.rest_v(soc, branch) - drop_v + self.rng.normal(0.0, 3e-4, N_TIMES)
        time_s = 86_400.0 * self.day + STEP_S * np.arange(N_TIMES)
        self.day += 1
        return time_s, current_a, middle_v, soc, branch

    def follow(self, days, *, bent=lambda current_a: current_a, rows=slice(None)):
        """Live days and lay them onto the curve; the last one, its true places and its true slopes come back."""
        for _ in range(days):
            time_s, current_a, middle_v, soc, branch = (each[rows] for each in self.live())
            where = self.curve.take(time_s, bent(current_a), middle_v, np.ones(time_s.size))
        return where, soc, self.slope_v(soc, branch)
