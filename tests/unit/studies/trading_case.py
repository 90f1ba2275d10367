"""A study that trades: two SYNTHETIC years of hourly prices with two levels a day, few lives, few years."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np

from battuta.adapters.compute.local import LocalCompute
from battuta.adapters.files.study_file import parse_study
from battuta.adapters.files.warranty_file import named_warranty
from battuta.app.life_studies import example_trading_study
from battuta.domain.day_ahead_trading import DayAheadTrading
from battuta.domain.prices import PriceSeries
from battuta.domain.study import Storage, Strategy
from battuta.domain.time import to_ns
from battuta.studies.life_study import life_study
from battuta.studies.life_study_result import StudyInput, StudyInputs
from battuta.studies.trading_duty import trading_duty
from battuta.twin.climate import steady_year_c
from battuta.twin.study_pack import study_pack

BEST = DayAheadTrading(wear_price_per_mwh=5.0)
BLIND = DayAheadTrading(wear_price_per_mwh=5.0, strategy="persistence")


def prices(first=2021, n_years=2, *, zone="Europe/Berlin", step_h=1.0, seed=3, past_days=1):
    """Cheap nights and dear evenings, a noise from day to day, the second year twice as wide; market-local years."""
    local = timedelta(hours=1 if zone == "Europe/Berlin" else 0)
    begin = datetime(first, 1, 1, tzinfo=UTC) - local - timedelta(days=past_days)
    end = datetime(first + n_years, 1, 1, tzinfo=UTC) - local
    n = round((end - begin) / timedelta(hours=step_h))
    hour = np.arange(n) * step_h
    day = (hour // 24).astype(int)
    noise = np.random.default_rng(seed).normal(0.0, 8.0, day.max() + 1)[day]
    wide = np.where(hour < 8760 + 24 * past_days, 1.0, 2.0)
    price = 60.0 + wide * (30.0 * np.sin((hour % 24 - 13.0) / 24.0 * 2.0 * np.pi) + noise)
    return PriceSeries(
        time_ns=to_ns(begin) + np.arange(n, dtype=np.int64) * int(step_h * 3.6e12),
        price_per_mwh=price,
        step=timedelta(hours=step_h),
        currency="EUR",
        zone=zone,
        source="two levels a day",
        is_synthetic=True,
    )


def study(n_lives=24, n_years=4, **given):
    whole = parse_study(tomllib.loads(example_trading_study()), "example", named_warranty("assumed_314ah"))
    ageing = replace(whole.ageing, weights={"naumann_lfp": 1.0})
    strategies = (
        Strategy(name="best", duty=BEST),
        Strategy(name="blind", duty=BLIND),
        Strategy(name="rest", duty=Storage(soc=0.5)),
    )
    finance = replace(whole.finance, n_years=n_years)
    return replace(whole, n_lives=n_lives, finance=finance, ageing=ageing, strategies=strategies, **given)


@cache
def traded(duty=BEST):
    asked = study()
    return trading_duty(duty, prices(), (2021, 2022), study_pack(asked.battery, duty, 0.5), "EUR")


def inputs(asked, expected=()):
    duties = {}
    for each in asked.strategies:
        own = traded(each.duty) if isinstance(each.duty, DayAheadTrading) else None
        duties[each.name] = StudyInput(
            power_kw=np.zeros(525_600) if own is None else own.years[0].power_kw,
            sold_kw=0.0,
            soc_start=0.5,
            sample_s=3600.0,
            source="SYNTHETIC prices",
            is_synthetic=own is not None,
            is_schedule=True,
            traded=own,
        )
    return StudyInputs(
        ambient_c=steady_year_c(asked.climate),
        climate_source="climate is SYNTHETIC",
        duties=duties,
        data_hash="none",
        expected=expected,
    )


@cache
def result():
    asked = study()
    return life_study(asked, inputs(asked), LocalCompute(1))
