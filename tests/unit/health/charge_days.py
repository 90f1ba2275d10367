"""Made-up charges: an S-shaped curve with one step, cells of known charge and capacity on it."""

import numpy as np

from battuta.domain.telemetry import Block

CAPACITY_AH = 314.0
N_CELLS = 24


def curve_v(soc):
    """Voltage of a cell in a slow charge: steep when low, a plateau, the step at 0.66, a plateau."""
    low = 0.02 * np.tanh((soc - 0.22) / 0.05) - 0.09 * np.exp(-soc / 0.09)
    return 3.3 + 0.03 * soc + low + 0.017 * np.tanh((soc - 0.66) / 0.03)


def charge_day(*, soc_from=0.05, soc_to=0.93, rate=0.2, lead=None, capacity=None, noise_v=4e-4, steady=True):
    """A day that rests, charges from a state to another and rests again."""
    rng = np.random.default_rng(8)
    lead = np.zeros(N_CELLS) if lead is None else lead
    share = np.ones(N_CELLS) if capacity is None else capacity
    n = round((soc_to - soc_from) / rate * 60.0)
    current_a = np.zeros(1440)
    current_a[60 : 60 + n] = -rate * CAPACITY_AH
    if not steady:
        current_a *= rng.uniform(0.4, 1.0, 1440)
    charge_ah = np.cumsum(-current_a) / 60.0
    soc = soc_from + lead + charge_ah[:, None] / (CAPACITY_AH * share)
    voltage_v = curve_v(soc) - 3e-4 * current_a[:, None] + noise_v * rng.normal(size=soc.shape)
    return Block(
        string_id="made-up",
        time_ns=np.arange(1440) * 60_000_000_000,
        current_a=current_a,
        voltage_v=np.round(voltage_v, 3),
        temperature_c=np.full((1440, 3), 25.0),
    )
