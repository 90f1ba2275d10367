"""A strategy that can be asked again: two models, lives by a formula, so that each answer can be counted by hand."""

from dataclasses import replace
from functools import cache

import numpy as np

from battuta.domain.finance_plan import DebtTerms, FinancePlan
from battuta.twin.lives import Lives
from battuta.twin.market_years import MarketYears
from battuta.twin.outlook import DrawnYears
from battuta.twin.study_sensitivity_cases import Lived, StrategyModel
from battuta.twin.traded_energy import TradedEnergy, TradedYear

N_LIVES, N_YEARS = 40, 6
DEBT = DebtTerms(interest_rate=0.05, tenor_years=4, dscr=1.2, exceedance=0.9)
PLAN = FinancePlan(
    currency="EUR", n_years=N_YEARS, installed_cost=400_000.0, inflation=0.02, real_discount_rate=0.05,
    fixed_cost_per_year=10_000.0, debt=DEBT,
)  # fmt: skip


@cache
def lived(ageing_factor):
    law = np.arange(N_LIVES) % 2
    lost = ageing_factor * np.array([0.02, 0.04])[law, None] * np.arange(N_YEARS + 1.0)
    one = np.ones((N_LIVES, N_YEARS))
    lives = Lives(
        year=np.arange(N_YEARS + 1.0), law=("mild", "harsh"), law_of_life=law, soh_capacity=1.0 - lost,
        soh_resistance=1.0 + lost, soh_energy=1.0 - lost, discharged_mwh=100.0 * one, charged_mwh=120.0 * one,
        full_cycles=20.0 * one, loss_by_cause=np.stack((lost, 0.0 * lost), axis=2),
    )  # fmt: skip
    return Lived(lives=lives, served_share=1.0 - lost[:, :-1])


def model(plan=PLAN, contracts=(), sold_kw=1000.0):
    price = 12.0 * (1.0 + 0.1 * np.sin(np.arange(N_LIVES * N_YEARS))).reshape(N_LIVES, N_YEARS)
    years = DrawnYears(
        capacity_price_per_mw_h=price,
        energy_price_per_mwh=np.full(price.shape, 60.0),
        availability=np.full(price.shape, 0.97),
    )
    return StrategyModel(
        plan=plan, years=years, sold_kw=sold_kw, power_kw=2000.0, contracts=contracts, lived=lived
    )  # fmt: skip


def trader():
    """The same battery, which trades: it sells 100 MWh at 90 and buys 120 at 20, around a mean price of 60."""
    year = TradedYear(
        discharged_mwh=100.0, charged_mwh=120.0, sale_per_mwh=90.0, purchase_per_mwh=20.0, mean_per_mwh=60.0,
        auxiliary_mwh=0.0, auxiliary_per_mwh=60.0,
    )  # fmt: skip
    own, one = model(sold_kw=0.0), np.ones((N_LIVES, N_YEARS))
    drawn = MarketYears(number=np.zeros((N_LIVES, N_YEARS), dtype=np.int64), level_factor=one, spread_factor=one)
    years = replace(own.years, traded=drawn)
    return replace(own, years=years, traded=TradedEnergy(years=(year,), capture_share=1.0))
