"""A small study made by hand: two days, one of them left out between, so that reports are tested without an engine."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from battuta.app.living import FrequencyEvent
from battuta.app.living_request import RunRequest
from battuta.app.living_result import LivingResult
from battuta.app.run_trace import Trace
from battuta.domain.asset import Battery, Site
from battuta.domain.command import N_OWNERS, Owner, Reason
from battuta.domain.market import Binding, Schedule
from battuta.domain.prices import PriceSeries
from battuta.domain.time import NS_PER_HOUR, ClockKind, to_ns
from battuta.domain.wear import Wear
from battuta.interfaces.reports.living_record import LivingRecord
from battuta.services.conductor_events import Alarm
from battuta.studies.backtest import BacktestResult, StrategyResult

HOSTILE = """<img src=x onerror=alert(1)>"&'</script><script>alert(2)</script>"""
START = datetime(2026, 1, 4, 23, tzinfo=UTC)  # a Monday in Berlin
N_DAYS = 3


def price_series(**changes):
    hours = np.arange(24 * N_DAYS)
    facts = {
        "time_ns": to_ns(START) + hours * NS_PER_HOUR,
        "price_per_mwh": 40.0 - 60.0 * np.sin(hours * np.pi / 12.0),
        "step": timedelta(hours=1),
        "currency": "EUR",
        "zone": "Europe/Berlin",
        "source": "a test",
    }
    return PriceSeries(**(facts | changes))


def strategy(name, steps, price, *, share=1.0, is_oracle=False, is_planned=True):
    hour = steps % 24
    power_kw = share * np.where(hour < 2, -1000.0, np.where((hour >= 18) & (hour < 20), 1000.0, 0.0))
    soc = np.where((hour >= 1) & (hour < 19), 0.9, np.where((hour == 0) | (hour == 19), 0.5, 0.1))
    wear = 0.005 * np.maximum(power_kw, 0.0)
    known = np.full(steps.shape[0], 45.0 if is_planned else np.nan)
    binding = tuple(Binding.RATED_POWER if kw else (Binding.MARGIN if is_planned else Binding.RULE) for kw in power_kw)
    return StrategyResult(
        name=name,
        is_oracle=is_oracle,
        power_kw=power_kw,
        soc=soc,
        revenue=price * power_kw / 1000.0 + (10.0 if is_oracle else 0.0),
        wear=wear,
        binding=binding,
        marginal_value_per_mwh=known,
        at_stake=np.where(power_kw == 0.0, 0.0, 12.5) + 0.0 * known,
        efc=1.5,
    )


def study(prices, *, site_name="Depot", extra=()):
    """Days one and three of the series; the second was left out."""
    steps = np.concatenate((np.arange(24), np.arange(48, 72)))
    price = prices.price_per_mwh[steps]
    names = ["idle", "fixed_time", "similar_day", *extra]
    shares = [0.0, 0.4, 0.8, *(0.1 for _ in extra)]
    results = {
        name: strategy(name, steps, price, share=share, is_planned=name == "similar_day")
        for name, share in zip(names, shares, strict=True)
    }
    battery = Battery(
        power_kw=1000.0, energy_kwh=2000.0, soc_min=0.1, soc_max=0.9, soc_start=0.1, wear=Wear(price_per_mwh=5.0)
    )
    return BacktestResult(
        site=Site(battery=battery, timezone="Europe/Berlin", currency=prices.currency, name=site_name),
        prices=prices,
        steps=steps,
        test_days=(date(2026, 1, 5), date(2026, 1, 7)),
        skipped_days=(date(2026, 1, 6),),
        results=results | {"oracle_day": strategy("oracle_day", steps, price, is_oracle=True)},
    )


@pytest.fixture
def result():
    return study(price_series())


@pytest.fixture
def synthetic_result():
    return study(price_series(is_synthetic=True, source="synthetic market, seed 7"))


@pytest.fixture
def benchmark_result():
    return study(price_series(clock=ClockKind.LOCAL_24H, zone="local_24h"))


@pytest.fixture
def hostile_result():
    return study(price_series(source=HOSTILE), site_name=HOSTILE, extra=(HOSTILE,))


@pytest.fixture
def long_result():
    """A year of hours."""
    hours = np.arange(8760)
    prices = PriceSeries(
        time_ns=to_ns(datetime(2025, 12, 31, 23, tzinfo=UTC)) + hours * NS_PER_HOUR,
        price_per_mwh=40.0 - 60.0 * np.sin(hours * np.pi / 12.0),
        step=timedelta(hours=1),
        currency="EUR",
        zone="Europe/Berlin",
    )
    made = [
        strategy(name, hours, prices.price_per_mwh, is_oracle=name == "oracle_day")
        for name in ("similar_day", "oracle_day")
    ]
    return BacktestResult(
        site=Site(battery=Battery(power_kw=1000.0, energy_kwh=2000.0), timezone="Europe/Berlin"),
        prices=prices,
        steps=hours,
        test_days=prices.days().dates,
        skipped_days=(),
        results={each.name: each for each in made},
    )


@pytest.fixture
def schedule(result):
    """One day as a schedule."""
    each = result.results["similar_day"]
    return Schedule(
        time_ns=result.prices.time_ns[:24],
        step=timedelta(hours=1),
        power_kw=each.power_kw[:24],
        soc=each.soc[:24],
        price_per_mwh=result.prices.price_per_mwh[:24],
        binding=each.binding[:24],
        marginal_value_per_mwh=each.marginal_value_per_mwh[:24],
        wear=each.wear[:24],
        at_stake=each.at_stake[:24],
        objective=123.456,
        currency="EUR",
        engine="dynamic",
        seconds=0.01,
    )


def living_trace(n_steps, n_sites, step_s):
    """Sites that discharge 1, 2, ... kW; the last one never spoke but for its meter."""
    one = np.ones((n_steps, n_sites), dtype=np.float32)
    numbers = one * np.arange(1, n_sites + 1, dtype=np.float32)
    silent = numbers.copy()
    silent[:, -1] = np.nan
    owner_s = np.zeros((n_steps, N_OWNERS), dtype=np.int64)
    owner_s[:, Owner.MARKET] = step_s * (n_sites - 1)
    owner_s[:, Owner.SAFETY] = step_s
    owner = np.full((n_steps, n_sites), Owner.MARKET, dtype=np.int8)
    owner[:, -1] = Owner.SAFETY
    return Trace(
        time_ns=to_ns(START) + np.arange(n_steps, dtype=np.int64) * step_s * 10**9,
        step_s=step_s,
        price_per_mwh=np.linspace(40.0, 80.0, n_steps),
        frequency_hz_min=np.full(n_steps, 49.95),
        frequency_hz_max=np.full(n_steps, 50.05),
        owner_s=owner_s,
        power_kw=silent,
        meter_power_kw=-10.0 * numbers,
        soc=0.1 * silent,
        chiller_setpoint_c=20.0 * one,
        ambient_temperature_c=np.nan * one,
        cell_temperature_c_min=15.0 + silent,
        cell_temperature_c_max=25.0 + silent,
        owner=owner,
        reason=np.full((n_steps, n_sites), Reason.MARKET, dtype=np.int32),
        energy_out_kwh=np.arange(1.0, n_sites + 1.0),
        import_kw_max=np.array([*10.0 * np.arange(1, n_sites), np.nan]),
    )


def living(n_steps=6, n_sites=3, step_s=600, source="synthetic market, seed 7", **changes):
    request = RunRequest(n_sites=n_sites, seed=7, duration_s=n_steps * step_s, response_share=0.4, follow_share=0.4)
    start_ns = to_ns(START)
    facts = {
        "n_sites": n_sites,
        "n_cells": 200 * n_sites,
        "simulated_s": n_steps * step_s,
        "prices": price_series(is_synthetic=True, source=source),
        "steps": np.array([0]),
        "delivered_kw": np.arange(1.0, n_sites + 1.0)[None, :],
        "revenue": 5.0,
        "wear": 2.0,
        "settled": 5.0,
        "unmetered_s": 0.0,
        "soc_start": 0.5,
        "soc_end": 0.07,
        "n_answering": 1,
        "n_following": 1,
        "cycles": 0.5,
        "auxiliary_kwh": 3.0,
        "capacity_lost": np.full(n_sites, 0.002),
        "demand": None,
        "baselines": {"idle": -1.0, "oracle_day": 9.0, "similar_day": 4.0},
        "frequency_events": (
            FrequencyEvent(
                start_ns=start_ns + 90 * 10**9, duration_s=20.0, frequency_hz_extreme=49.7, power_kw_extreme=12.0
            ),
        ),
        "alarms": ((start_ns + 60 * 10**9, Alarm(site=1, cause="COOLANT_LEAK", calls_out=True)),),
        "findings": None,
        "setpoints": 10,
        "journal_root": "abc",
    }
    battery = Battery(power_kw=100.0, energy_kwh=200.0, soc_min=0.05, soc_max=0.95, soc_start=0.5)
    return LivingRecord(
        request=request,
        site=Site(battery=battery, timezone="Europe/Berlin", name=source),
        result=LivingResult(**(facts | changes)),
        trace=living_trace(n_steps, n_sites, step_s),
        nominal_hz=50.0,
    )


@pytest.fixture
def living_record():
    return living()


@pytest.fixture
def make_living():
    return living
