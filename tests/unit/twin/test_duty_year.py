"""A year of powers: minute means that lose no energy, states of charge that are reached, series that are refused."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.twin.duty_year import year_of_powers, year_of_soc

YEAR_S = 365 * 86_400
WAVE = np.random.default_rng(3)


def times(step_s, n_days=365, begin_s=0.0):
    return begin_s + step_s * np.arange(round(n_days * 86_400 / step_s))


def followed(year, *, energy_kwh, efficiency=0.96):
    """State of charge at the end of each minute of a battery that does what is asked."""
    taken_kw = np.where(year.power_kw > 0, year.power_kw / efficiency, year.power_kw * efficiency)
    return year.soc_start - np.cumsum(taken_kw) / 60.0 / energy_kwh


@pytest.mark.parametrize("step_s", [20.0, 60.0, 600.0, 900.0, 3600.0])
def test_minute_means_keep_the_energy_and_their_place(step_s):
    time_s = times(step_s)
    power_kw = WAVE.normal(0.0, 300.0, time_s.size)
    year = year_of_powers(time_s, power_kw, "made up")
    assert year.power_kw.shape == (525_600,)
    assert year.power_kw.sum() / 60.0 == pytest.approx(power_kw.sum() * step_s / 3600.0)
    assert year.sample_s == step_s
    at = 123_456
    own = power_kw[(time_s > at * 60.0 - step_s) & (time_s < at * 60.0 + 60.0)]
    assert year.power_kw[at] == pytest.approx(own.mean())
    assert np.isnan(year.soc_start)


def test_a_year_from_july_goes_on_in_january_and_a_leap_year_loses_its_last_day():
    july_s = 181 * 86_400.0
    time_s = times(3600.0, 366, july_s)
    power_kw = np.arange(time_s.size, dtype=float)
    year = year_of_powers(time_s, power_kw, "made up")
    assert year.power_kw[181 * 1440] == 0.0
    assert year.power_kw[181 * 1440 - 1] == 365 * 24 - 1
    assert year_of_powers(times(3600.0, 365, -3600.0), power_kw[:8760], "made up").power_kw[0] == 1.0


@pytest.mark.parametrize("begin_s", [0.0, 86_400.0 * 200])
def test_a_battery_that_does_what_is_asked_has_the_state_of_charge_that_was_given(begin_s):
    time_s = times(900.0, begin_s=begin_s)
    soc = 0.5 + 0.4 * np.sin(time_s / 5_000.0) * np.cos(time_s / 1e6)
    year = year_of_soc(time_s, soc, "made up", energy_kwh=2000.0)
    at_s = 60.0 * np.arange(1, 525_601) % YEAR_S
    given = np.interp(at_s, (time_s % YEAR_S)[np.argsort(time_s % YEAR_S)], soc[np.argsort(time_s % YEAR_S)])
    reached = followed(year, energy_kwh=2000.0)
    assert np.abs(reached - given)[:-15].max() < 1e-9
    assert reached[-1] == pytest.approx(year.soc_start)


def test_rounding_noise_of_an_empty_battery_passes():
    soc = np.full(8760, -1e-14)
    assert abs(year_of_soc(times(3600.0), soc, "made up", energy_kwh=10.0).power_kw).max() < 1e-12


def of(change, n_days=365, step_s=3600.0):
    time_s, values = times(step_s, n_days), np.zeros(times(step_s, n_days).size)
    change(time_s, values)
    return time_s, values


def hole(time_s, values):
    time_s[5000:] += 7200.0


@pytest.mark.parametrize(
    ("series", "error", "words"),
    [
        (of(lambda time_s, values: values.__setitem__(7, np.nan)), DataError, "1 of 8760 powers .* value 8; .* mend"),
        (of(hole), DataError, r"10800 s pass after value 5000 \(day 208.29\), elsewhere 3600 s; 1 such"),
        (of(lambda time_s, values: None, 357), DataError, "357.00 days .* 365 or 366 days: complete it"),
        (of(lambda time_s, values: None, 400), DataError, "400.00 days .* or cut it"),
        (of(lambda time_s, values: None, 366, 45.0), DataError, "a value every 45 s; .* bring the series"),
        (of(lambda time_s, values: None, 366, 90.0), DataError, "a value every 90 s"),
        (of(lambda time_s, values: None, 366, 4200.0), DataError, "a value every 4200 s"),
        (of(lambda time_s, values: time_s.__setitem__(9, 0.0)), DataError, "value 10 is no later"),
        (of(lambda time_s, values: values.__setitem__(2, -1e9)), InvalidQuantityError, r"value 3 \(powers in W"),
        (of(lambda time_s, values: time_s.__iadd__(1800.5)), DataError, "begins 0.5 s after a full minute"),
        ((np.zeros(1), np.zeros(1)), DataError, "1 times and 1 values"),
        ((times(3600.0), np.zeros(3)), DataError, "8760 times and 3 values"),
    ],
)
def test_what_is_no_year_is_refused_with_its_place(series, error, words):
    with pytest.raises(error, match=words):
        year_of_powers(*series, "made up")


@pytest.mark.parametrize(
    ("soc", "given", "words"),
    [
        (55.0, {"energy_kwh": 10.0}, r"value 1 \(percent are to be divided by 100\): soc = 55 is outside"),
        (0.5, {"energy_kwh": 0.0}, "energy_kwh = 0 kWh"),
        (0.5, {"energy_kwh": 10.0, "efficiency_one_way": 1.2}, "efficiency_one_way = 1.2"),
    ],
)
def test_states_of_charge_in_percent_and_batteries_that_cannot_be_are_refused(soc, given, words):
    with pytest.raises(InvalidQuantityError, match=words):
        year_of_soc(times(3600.0), np.full(8760, soc), "made up", **given)
