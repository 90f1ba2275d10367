"""Trading the years of a history: whole years only, laid on UTC, and no look at what comes."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.day_ahead_trading import DayAheadTrading
from battuta.domain.errors import ClockError, CurrencyError, DataError, UsageError
from battuta.domain.time import ClockKind
from battuta.studies.trading_duty import trading_duty, whole_years
from battuta.twin.study_pack import study_pack
from unit.studies.trading_case import BEST, BLIND, prices, study, traded

PACK = study_pack(study().battery, BEST, 0.5)


def test_perfect_foresight_is_an_upper_bound_of_which_a_share_is_assumed():
    best, blind = traded(BEST), traded(BLIND)
    assert [each.year for each in best.years] == [2021, 2022]
    assert best.is_perfect_foresight
    assert not blind.is_perfect_foresight
    for known, guessed in zip(best.years, blind.years, strict=True):
        assert known.capture == 1.0
        assert known.best_margin == guessed.best_margin
        assert 0.3 < guessed.capture <= 1.0
    assert best.captured == pytest.approx(0.88)
    assert blind.captured == pytest.approx(
        sum(each.margin for each in blind.years) / sum(each.best_margin for each in blind.years)
    )
    assert best.years[1].margin > 1.5 * best.years[0].margin
    assert best.label.startswith("SYNTHETIC")


def test_powers_and_prices_are_laid_on_the_same_minutes_from_january_utc():
    year, series = traded(BEST).years[1], prices()
    first = int(np.searchsorted(series.time_ns, np.datetime64("2022-01-01T00:00", "ns").astype(np.int64)))
    assert year.price_per_mwh[::60][:48] == pytest.approx(series.price_per_mwh[first : first + 48])
    earned = float((year.power_kw * year.price_per_mwh).sum()) / 60.0 / 1000.0
    assert earned == pytest.approx(year.margin, rel=1e-9)


def test_a_cap_holds_each_day_of_the_plan():
    capped = trading_duty(replace(BEST, full_cycles_per_day_max=0.5), prices(n_years=1), (2021,), PACK, "EUR")
    local = np.roll(capped.years[0].power_kw, 60).reshape(365, -1)
    most = float((np.maximum(local, 0.0).sum(axis=1) / 60.0).max())
    free = np.roll(traded(BEST).years[0].power_kw, 60).reshape(365, -1)
    assert most < 0.55 * float((np.maximum(free, 0.0).sum(axis=1) / 60.0).max())


def test_a_year_in_quarter_hours_and_a_leap_year_are_years():
    quarter = trading_duty(BEST, prices(2024, 1, step_h=0.25, zone="UTC", past_days=0), (), PACK, "EUR")
    assert quarter.years[0].power_kw.shape == (525_600,)
    assert quarter.years[0].year == 2024


@pytest.mark.parametrize(
    ("change", "wanted", "kind", "said"),
    [
        (lambda p: replace(p, currency="USD"), (2021,), CurrencyError, "is in USD"),
        (lambda p: replace(p, clock=ClockKind.LOCAL_24H), (2021,), ClockError, "no revenue"),
        (lambda p: p.slice(slice(0, 4000)), (2021,), DataError, r"165\.67 of 365 days of 2021.*complete the file"),
        (lambda p: p, (), DataError, r"1\.00 of 366 days of 2020.*years = \[...\]"),
        (lambda p: p, (2019,), DataError, r"0\.00 of 365 days of 2019"),
        (
            lambda p: replace(p, price_per_mwh=np.where(np.arange(p.n_times) == 100, np.nan, p.price_per_mwh)),
            (2021,),
            DataError,
            "misses 1 of 8760 prices of 2021, the first at 2021-01-04T03:00:00",
        ),
    ],
)
def test_what_is_no_whole_real_year_in_the_currency_is_refused(change, wanted, kind, said):
    with pytest.raises(kind, match=said):
        trading_duty(BEST, change(prices(n_years=1)), wanted, PACK, "EUR")


def test_a_strategy_without_a_past_or_a_name_is_told_how_to_get_one():
    with pytest.raises(DataError, match=r"cannot trade 2021.*Leave 2021 out of years"):
        trading_duty(BLIND, prices(n_years=1, past_days=0), (2021,), PACK, "EUR")
    with pytest.raises(UsageError, match="is not known"):
        trading_duty(DayAheadTrading(wear_price_per_mwh=1.0, strategy="luck"), prices(n_years=1), (2021,), PACK, "EUR")


def test_nothing_after_a_year_is_known_in_it():
    series = prices()
    later = replace(series, price_per_mwh=np.where(np.arange(series.n_times) > 24 + 8760, 0.0, series.price_per_mwh))
    one = trading_duty(BLIND, series, (2021,), PACK, "EUR").years[0]
    other = trading_duty(BLIND, later, (2021,), PACK, "EUR").years[0]
    assert np.array_equal(one.power_kw, other.power_kw)


def test_whole_years_of_a_series_are_found():
    found = whole_years(prices(past_days=0), (), "here")
    assert [each.stop - each.start for each in found] == [8760, 8760]
