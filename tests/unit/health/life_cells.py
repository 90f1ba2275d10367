"""Made-up cells whose life follows from what their curves lose; synthetic, shaped after nothing measured."""

import numpy as np

from battuta.health.life_curves import DischargeCurves
from battuta.health.life_history import CycleHistory

CYCLES = np.arange(2, 101)
VOLTAGES_V = np.linspace(3.5, 2.0, 200)
END_OF_LIFE_AH = 0.88


def made_curves(n_cells, seed, speed=(0.5, 2.0)):
    """Curves of cells that lose around 3 V what their speed says, and lives of about 700 over the speed."""
    rng = np.random.default_rng(seed)
    speeds = np.exp(rng.uniform(*np.log(speed), size=n_cells))
    whole = 1.05 / (1.0 + np.exp((VOLTAGES_V - 3.2) / 0.03))
    lost = 0.02 * np.exp(-(((VOLTAGES_V - 3.0) / 0.15) ** 2))
    charge = whole[:, None] - speeds[:, None, None] * lost[:, None] * (CYCLES / 100.0) ** 1.5
    charge = charge + rng.normal(0.0, 1e-4, size=charge.shape)
    life = 700.0 / speeds * np.exp(rng.normal(0.0, 0.08, size=n_cells))
    return DischargeCurves(charge_ah=charge, cycle=CYCLES), np.round(life)


def made_life(n_cycles, rng, bend=3.0):
    """A whole life: capacity from about 1.1 Ah to 0.88 Ah, bent, and two measures, one of them noise alone."""
    share = np.arange(1, n_cycles + 1) / n_cycles
    start = 1.1 + rng.normal(0.0, 0.005)
    lost = (start - END_OF_LIFE_AH) * (0.4 * share + 0.6 * share**bend)
    capacity = start - lost + rng.normal(0.0, 2e-4, size=n_cycles)
    measures = np.column_stack([capacity * 2.0 + rng.normal(0.0, 1e-3, n_cycles), rng.normal(size=n_cycles)])
    return CycleHistory(capacity_ah=capacity, measures=measures)


def made_lives(n_cells, seed):
    """Whole lives of 400 to 1500 cycles; those that bend late live longer."""
    rng = np.random.default_rng(seed)
    lives = rng.integers(400, 1500, size=n_cells)
    return [made_life(int(each), rng, bend=2.0 + each / 1000.0) for each in lives]
