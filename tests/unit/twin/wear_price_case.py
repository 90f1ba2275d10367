"""Lives in closed form and tables in which each share of capacity brings its share of energy."""

import numpy as np

from battuta.domain.finance_plan import FinancePlan
from battuta.physics.ageing.duty_days import duty_days
from battuta.twin.lives import Lives
from battuta.twin.stress_tables import StressTables
from battuta.twin.yearly_flows import YearlyFlows

MWH_PER_YEAR = 365.0


def plan(n_years, rate=0.0):
    return FinancePlan(currency="EUR", n_years=n_years, installed_cost=1000.0, inflation=0.0, real_discount_rate=rate)


def cycling_year(depth=0.8, c_rate=0.25):
    """A cycle a day, each way at one rate, around soc 0.5."""
    n_half = round(depth / c_rate * 60.0)
    soc = np.full(1440, 0.5 - 0.5 * depth)
    rate = np.zeros(1440)
    up = 0.5 - 0.5 * depth + depth * np.arange(1, n_half + 1) / n_half
    soc[1 : n_half + 1], rate[1 : n_half + 1] = up, -c_rate
    soc[n_half + 1 : 2 * n_half + 1], rate[n_half + 1 : 2 * n_half + 1] = up[::-1] - depth / n_half, c_rate
    return duty_days(np.tile(np.clip(soc, 0, 1), 365), np.full(365 * 1440, 25.0), np.tile(rate, 365), 60.0)


def square_root_lives(loss_at_end, n_years, laws=("naumann_lfp",), n_lives=4):
    """All lost to cycles, as a square root of time."""
    year = np.arange(n_years + 1.0)
    lost = np.tile(loss_at_end * np.sqrt(year / n_years), (n_lives, 1))
    soh = 1.0 - lost
    energy = MWH_PER_YEAR * 0.5 * (soh[:, 1:] + soh[:, :-1])
    return Lives(
        year=year,
        law=laws,
        law_of_life=np.arange(n_lives) % len(laws),
        soh_capacity=soh,
        soh_resistance=np.ones_like(soh),
        soh_energy=soh,
        discharged_mwh=energy,
        charged_mwh=energy / 0.9,
        full_cycles=np.full_like(energy, 292.0),
        loss_by_cause=np.stack((0.01 * lost, lost), axis=2),
    )


def proportional_tables():
    capacity, resistance = np.array([0.4, 0.7, 1.0]), np.array([1.0, 2.0])
    flows = np.zeros((3, 2, 365, 3))
    flows[..., 0] = capacity[:, None, None] * MWH_PER_YEAR / 365.0
    flows[..., 1] = flows[..., 0] / 0.9
    return StressTables(
        laws=("naumann_lfp",),
        soh_capacity=capacity,
        soh_resistance=resistance,
        stresses=(np.zeros((3, 2, 365, 4)),),
        flows=flows,
        usable_kwh=np.tile(capacity[:, None] * 1000.0, (1, 2)),
        shortfall_share=np.zeros((3, 2)),
        usable_kwh_new=1000.0,
    )


def sold(price_per_mwh):
    """Flows of energy sold at one margin."""

    def flows_of(lives, served):
        zero = np.zeros(lives.discharged_mwh.shape)
        return YearlyFlows(
            revenue=price_per_mwh * lives.discharged_mwh * served,
            charging_cost=zero,
            variable_cost=zero,
            augmentation=zero,
            discharged_mwh=lives.discharged_mwh,
        )

    return flows_of
