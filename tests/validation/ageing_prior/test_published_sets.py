"""The spreads that are not assumed, computed again from five published parameter sets and the calendar data.

Traps of the parameter files: the first row gives the cycles in percent and the others in fractions, and in the refits
the resistance gained by cycles has another sign at usual rates, so that no spread is taken from it.
"""

import numpy as np
import pandas as pd
import pytest

from battuta.physics.ageing.ageing_law import ageing_law
from battuta.physics.ageing.rate_prior import rate_prior

KELVIN = np.array([15.0, 25.0, 35.0, 45.0])[:, np.newaxis] + 273.15
SOC = np.array([0.3, 0.5, 0.7, 0.9])
C_RATE = np.array([0.25, 0.5, 1.0])[:, np.newaxis]
DEPTH = np.array([0.2, 0.4, 0.6, 0.8, 1.0])
PERCENT = np.array([0.01, 1.0, 1.0, 1.0, 1.0])


def calendar(sets, exponent):
    return [
        row.k_ref
        * np.exp(-row.Ea / 8.31446261815324 * (1.0 / KELVIN - 1.0 / 298.15))
        * (row.C_cal * (SOC - 0.5) ** exponent + row.D_cal)
        for row in sets.itertuples()
    ]


def cycles(sets, centre):
    return [
        unit * (row.A_cyc * C_RATE + row.B_cyc) * (row.C_cyc * (DEPTH - centre) ** 3 + row.D_cyc)
        for row, unit in zip(sets.itertuples(), PERCENT, strict=True)
    ]


def spread(rates):
    """Root mean square over the conditions of the standard deviation of the logarithm over the sets."""
    return np.sqrt(np.log(rates).var(axis=0, ddof=1).mean())


@pytest.fixture
def prior():
    held = rate_prior(ageing_law("naumann_lfp"))
    return {name: (held.log_sd[i], held.exponent_sd[i], held.is_assumed[i]) for i, name in enumerate(held.term)}


@pytest.fixture
def sets(data_dir):
    return {
        each: pd.read_csv(data_dir / "twin" / f"CLFP_Sony_US26650_{each}_param.csv", index_col=0)
        for each in ("capacity_decrease", "resistance_increase")
    }


def test_spread_of_the_rates(prior, sets):
    capacity, resistance = sets["capacity_decrease"], sets["resistance_increase"]
    assert prior["capacity_calendar"][0] == pytest.approx(spread(calendar(capacity, 3)), abs=5e-4)
    assert prior["capacity_cycle"][0] == pytest.approx(spread(cycles(capacity, 0.6)), abs=5e-4)
    assert prior["resistance_calendar"][0] == pytest.approx(spread(calendar(resistance, 2)), abs=5e-4)


def test_the_refits_turn_the_sign_of_the_resistance_gained_by_cycles(prior, sets):
    gained = np.array(cycles(sets["resistance_increase"], 0.5))[:, 1]
    assert np.all(gained[0] > 0.0)
    assert np.all(gained[1:, 0] < 0.0)
    assert prior["resistance_cycle"][2]


def test_spread_of_the_exponent(prior, data_dir):
    table = pd.read_csv(data_dir / "twin" / "naumann_lfp_calendar_14_conditions.csv")
    kept = table[
        (table["storage_soc_fraction"] >= 0.5) & (table["elapsed_days"] > 30.0) & (table["capacity_loss_pct"] > 0.3)
    ]
    exponents = [
        np.polyfit(np.log(own["elapsed_days"]), np.log(own["capacity_loss_pct"]), 1)[0]
        for _, own in kept.groupby("condition_id")
    ]
    assert len(exponents) == 10
    assert np.mean(exponents) == pytest.approx(0.488, abs=5e-3)
    assert prior["capacity_calendar"][1] == pytest.approx(np.std(exponents, ddof=1), abs=5e-4)
