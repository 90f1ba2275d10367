"""What a strategy earns and pays in each year of each life."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.twin.contract_revenue import ContractRevenue, contract_revenue
from battuta.twin.lives import Lives
from battuta.twin.outlook import DrawnYears
from battuta.twin.stress_tables import StressTables
from battuta.twin.traded_energy import traded_money
from battuta.twin.yearly_flows import YearlyFlows

if TYPE_CHECKING:
    from battuta.domain.revenue_contract import RevenueContract
    from battuta.physics.life_pack_walk import PackDays
    from battuta.twin.traded_energy import TradedEnergy

HOURS_PER_YEAR = 8766.0


def study_flows(
    lives: Lives,
    years: DrawnYears,
    *,
    sold_kw: float | FloatArray,
    served_share: FloatArray,
    contracts: tuple[RevenueContract, ...] = (),
    power_kw: float = 0.0,
    augmentation_cost: FloatArray | None = None,
    other_cost: FloatArray | None = None,
    traded: TradedEnergy | None = None,
) -> YearlyFlows:
    """Sales of response and energy, and what charging costs.

    Parameters
    ----------
    lives : Lives
        Energies of each life and year.
    years : DrawnYears
        Prices and availability of the same lives.
    sold_kw : float, or ndarray, shape (n_lives, n_years)
        Response that is sold all year. [kW]
    served_share : ndarray, shape (n_lives, n_years)
        Share of what is asked that the aged battery still does; response that is not given is not paid. [-]
    contracts : tuple of RevenueContract
        Rents and floors; without them all is merchant.
    power_kw : float
        Rated power, of which contracts hold a share; not read without them. [kW]
    augmentation_cost : ndarray, shape (n_lives, n_years), optional
        Cost of new strings, 0 without. [currency]
    other_cost : ndarray, shape (n_lives, n_years), optional
        Repairs, premium and what is not insured, 0 without. [currency]
    traded : TradedEnergy, optional
        What trading moves and is paid in each year of history; without it energy has one price a year.

    Returns
    -------
    YearlyFlows
        The flows, at nominal prices.
    """
    paid = tranches(
        lives,
        years,
        sold_kw=sold_kw,
        served_share=served_share,
        contracts=contracts,
        power_kw=power_kw,
        traded=traded,
    )
    none = np.zeros_like(paid.merchant)
    return YearlyFlows(
        revenue=paid.revenue,
        charging_cost=paid.charging_cost,
        variable_cost=none if other_cost is None else other_cost,
        augmentation=none if augmentation_cost is None else augmentation_cost,
        discharged_mwh=lives.discharged_mwh * years.availability,
        rented_charging_cost=paid.rented_charging_cost,
    )


def tranches(
    lives: Lives,
    years: DrawnYears,
    *,
    sold_kw: float | FloatArray,
    served_share: FloatArray,
    contracts: tuple[RevenueContract, ...] = (),
    power_kw: float = 0.0,
    traded: TradedEnergy | None = None,
) -> ContractRevenue:
    """Part the revenue of a strategy into what contracts pay and what the market pays; parameters as `study_flows`.

    Response that is not given lowers what contracts pay as absence does.

    Returns
    -------
    ContractRevenue
        Contracted and merchant revenue, and what charging costs the owner. [currency]
    """
    market = response_revenue(years, sold_kw, served_share)
    sold, charging = sales_and_purchases(lives, years, traded)
    market += sold
    return contract_revenue(contracts, power_kw / 1e3, market, charging, years.availability * served_share)


def sales_and_purchases(lives: Lives, years: DrawnYears, traded: TradedEnergy | None) -> tuple[FloatArray, FloatArray]:
    """Energy sold and energy bought of each life and year, each of shape (n_lives, n_years). [currency]"""
    if traded is not None:
        sold, bought = traded_money(traded, lives, years)
        return sold * years.availability, bought * years.availability
    price = years.energy_price_per_mwh
    return lives.discharged_mwh * price * years.availability, lives.charged_mwh * price * years.availability


def response_revenue(years: DrawnYears, sold_kw: float | FloatArray, served_share: FloatArray) -> FloatArray:
    """What the market pays for response that is kept free and given, shape (n_lives, n_years). [currency]"""
    return sold_kw / 1e3 * HOURS_PER_YEAR * years.capacity_price_per_mw_h * years.availability * served_share


def followed_share(walked: PackDays, full_cycles_per_day_max: float) -> float:
    """Share of the time in which a request is followed, because the day's throughput is not spent yet.

    Response is paid by the hour in which it stands ready: once the day's share is spent there is none until midnight.

    Parameters
    ----------
    walked : PackDays
        Days of a duty.
    full_cycles_per_day_max : float
        Full cycles since midnight after which no request is followed, infinite for no cap. [-]

    Returns
    -------
    float
        1 where no day spends its share. [-]
    """
    if full_cycles_per_day_max == np.inf:
        return 1.0
    moved = 0.5 * np.abs(walked.c_rate.reshape(walked.full_cycles.size, -1)) * (walked.step_s / 3600.0)
    before = np.cumsum(moved, axis=1) - moved
    return float(np.mean(before < full_cycles_per_day_max))


def served_share(tables: StressTables, lives: Lives) -> FloatArray:
    """Share of what is asked that each life still does in each year, by its state as the year begins.

    Returns
    -------
    ndarray, shape (n_lives, n_years)
        1 less the shortfall between the nodes of the tables. [-]
    """
    capacity, resistance = lives.soh_capacity[:, :-1], lives.soh_resistance[:, :-1]
    return np.clip(1.0 - tables.between(tables.shortfall_share, capacity, resistance), 0.0, 1.0)
