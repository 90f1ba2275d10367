"""Spoiled inputs are missing from the gate on at which they were found, and not before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from battuta.domain.prices import PRICE, Column, History, PriceSeries
from battuta.domain.publication import BEFORE_DAY_AHEAD_GATE
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.forecast.day_table import DayTable
from battuta.forecast.watched_inputs import watch_inputs

N_DAYS = 420


def table(spoil=None, n_days=N_DAYS):
    rng = np.random.default_rng(4)
    hour = np.arange(24.0)
    load = 900.0 + 200.0 * np.sin((hour - 9.0) / 24.0 * 2.0 * np.pi) + 30.0 * rng.normal(size=(n_days, 1))
    load = load + 5.0 * rng.normal(size=load.shape)
    price = 0.05 * load + rng.normal(size=load.shape)
    if spoil is not None:
        spoil(load, price)
    return DayTable(
        History(
            PriceSeries(
                time_ns=to_ns(datetime(2024, 1, 1, tzinfo=UTC)) + np.arange(n_days * 24) * NS_PER_HOUR,
                price_per_mwh=price.ravel(),
                step=timedelta(hours=1),
                currency="EUR",
                zone="UTC",
                columns={"load_mw": Column(values=load.ravel(), unit="MW", rule=BEFORE_DAY_AHEAD_GATE)},
            )
        )
    )


def test_clean_inputs_are_left_as_they_are():
    days = table()
    watched = watch_inputs(days, 400, N_DAYS)
    known = days.at_gate(410)
    trusted = watched.trusted(known)
    np.testing.assert_array_equal(trusted.price_per_mwh, known.price_per_mwh)
    np.testing.assert_array_equal(trusted.columns["load_mw"], known.columns["load_mw"])


def test_a_day_of_zeros_is_missing_from_its_own_gate_on_and_named():
    def spoil(load, _):
        load[405] = 0.0

    days = table(spoil)
    watched = watch_inputs(days, 400, N_DAYS)
    seen = days.trusting(watched.trusted)
    assert np.isnan(seen.at_gate(405).columns["load_mw"][-1]).all()
    assert np.isnan(seen.at_gate(410).columns["load_mw"][405]).all()
    assert np.isfinite(seen.at_gate(404).columns["load_mw"]).all()
    assert any(note.startswith("load_mw: ") and "[zeros]" in note for note in watched.notes[405])
    assert 404 not in watched.notes


def test_a_unit_change_of_the_price_is_missing_from_the_next_gate_on():
    def spoil(_, price):
        price[405] *= 1000.0

    days = table(spoil)
    watched = watch_inputs(days, 400, N_DAYS)
    assert watched.found_on(406)[PRICE][405] == 406
    assert np.isnan(days.trusting(watched.trusted).at_gate(406).price_per_mwh[405]).all()
    assert any("[scale]" in note for note in watched.notes[406])


def test_a_shifted_clock_is_told_and_not_acted_on():
    def spoil(load, _):
        load[405:] = np.roll(load[405:].ravel(), 1).reshape(-1, 24)

    days = table(spoil)
    watched = watch_inputs(days, 400, N_DAYS)
    assert any("[shift]" in note for notes in watched.notes.values() for note in notes)
    assert np.isfinite(days.trusting(watched.trusted).at_gate(415).columns["load_mw"]).all()


def test_short_history_is_not_judged():
    watched = watch_inputs(table(), 30, 40)
    assert watched.years == ()
    assert watched.found_on(35) == {}
    assert watched.notes == {}


def learning_days(n_days):
    dates = table(n_days=n_days).dates
    return [day for day in range(n_days) if dates[day].toordinal() % 364 == 0]


def test_a_long_run_is_that_of_days_issued_one_by_one():
    def spoil(load, price):
        load[300:] *= 1.5  # what is usual changes within the run
        load[[150, 360, 500]] = 0.0
        price[[200, 505]] *= 1000.0

    days = table(spoil, 560)
    (first, second) = learning_days(560)
    run = watch_inputs(days, 60, 560)
    assert [each.learned for each in run.years] == [max(first, 56), second]
    for day in (second - 1, second, second + 1, 510, 559):
        alone = watch_inputs(days, day, day + 1)
        one, other = run.trusted(days.at_gate(day)), alone.trusted(days.at_gate(day))
        np.testing.assert_array_equal(one.price_per_mwh, other.price_per_mwh)
        np.testing.assert_array_equal(one.columns["load_mw"], other.columns["load_mw"])
        assert run.notes.get(day) == alone.notes.get(day)


def test_what_comes_after_a_gate_changes_nothing_before_it():
    def spoil(load, _):
        load[515:] = 0.0

    clean, spoiled = (watch_inputs(table(each, 560), 120, 560) for each in (None, spoil))
    for day in (200, learning_days(560)[1], 514):
        known = table(None, 560).at_gate(day)
        np.testing.assert_array_equal(
            clean.trusted(known).columns["load_mw"], spoiled.trusted(known).columns["load_mw"]
        )  # fmt: skip


def test_a_fault_on_the_day_of_learning_is_named():
    (_, second) = learning_days(560)

    def spoil(load, _):
        load[second] = 0.0

    days = table(spoil, 560)
    watched = watch_inputs(days, second - 5, 560)
    assert any("[zeros]" in note for note in watched.notes[second])
    assert np.isnan(watched.trusted(days.at_gate(second)).columns["load_mw"][-1]).all()


def test_what_is_trusted_keeps_its_calendar():
    days = table(None, 200)
    watched = watch_inputs(days, 120, 200)
    known = replace(days.at_gate(150), holidays=frozenset({days.dates[100]}))
    assert watched.trusted(known).holidays == known.holidays
