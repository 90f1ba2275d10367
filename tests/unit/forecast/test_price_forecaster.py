"""Forecasts are issued before they are scored, with what is there; what is not there is named and makes them wider."""

from datetime import date, timedelta

import numpy as np
import pytest

from battuta.domain.errors import StaleDataError
from battuta.forecast import price_forecaster
from battuta.forecast.day_table import KnownDays
from battuta.forecast.member import MemberRow
from battuta.forecast.price_forecaster import PriceForecaster
from battuta.forecast.price_model import PriceModel

MODEL = PriceModel(families=("kernel", "trees"))
FIRST = 30


def market(n_days, n_slots=24, seed=1):
    """Prices around a shape that two members know, each with an error of its own; synthetic."""
    rng = np.random.default_rng(seed)
    hour = np.arange(n_slots) * 24.0 / n_slots
    truth = 50.0 + 15.0 * np.sin((hour - 9.0) * np.pi / 12.0) + 6.0 * rng.normal(size=(n_days, 1))
    price = truth + 4.0 * rng.normal(size=truth.shape)
    said = {name: truth + rng.normal(size=truth.shape) for name in MODEL.families}
    return price, said


def known_at(price, day, *, n_price_days=None, **columns):
    dates = tuple(date(2026, 1, 5) + timedelta(days=each) for each in range(day + 1))
    prices = price[: day if n_price_days is None else n_price_days]
    return KnownDays(day=day, dates=dates, price_per_mwh=prices, columns=columns)


def row_of(said, day, families=MODEL.families):
    return MemberRow(day=day, values={name: said[name][day] for name in families})


def walked(price, said, stop):
    """A forecaster that has been through the days before one, and what it issued."""
    forecaster, issues = PriceForecaster(MODEL, price.shape[1]), []
    for day in range(FIRST, stop):
        known = known_at(price, day)
        forecaster.learn(known)
        issues.append(forecaster.predict(row_of(said, day), known))
    return forecaster, issues


def bands(issue):
    return issue.quantiles[:, 94] - issue.quantiles[:, 4]


def test_the_first_day_lies_between_its_members_and_is_as_wide_as_prices_change():
    price, said = market(FIRST + 1)
    _, (issue,) = walked(price, said, FIRST + 1)
    assert issue.day == FIRST
    np.testing.assert_allclose(issue.point, (said["kernel"][FIRST] + said["trees"][FIRST]) / 2.0)
    assert issue.quantiles.shape == (24, 99)
    assert np.all(np.diff(issue.quantiles, axis=1) >= 0.0)
    assert np.all((bands(issue) > 4.0) & (bands(issue) < 60.0))
    assert issue.notes == ()


def test_a_day_is_scored_once_when_its_prices_are_known():
    price, said = market(60)
    often, once = (walked(price, said, 50)[0] for _ in range(2))
    early = known_at(price, 50, n_price_days=49)
    for _ in range(3):
        often.learn(early)  # day 49 is not known yet: nothing is learned twice, nothing is lost
    issued = []
    for forecaster in (often, once):
        forecaster.learn(known_at(price, 50))
        issued.append(forecaster.predict(row_of(said, 50), known_at(price, 50)))
    np.testing.assert_array_equal(issued[0].quantiles, issued[1].quantiles)


def test_what_is_learned_changes_the_next_day():
    price, said = market(60)
    wild = price.copy()
    wild[49] += 40.0
    usual, shaken = (_issued(walked(each, said, 50)[0], each, said, 50) for each in (price, wild))
    assert bands(shaken).mean() > 1.2 * bands(usual).mean()


def _issued(forecaster, price, said, day):
    forecaster.learn(known_at(price, day))
    return forecaster.predict(row_of(said, day), known_at(price, day))


def test_a_band_that_was_missed_is_wider_than_its_record_of_errors_alone_makes_it(monkeypatch):
    price, said = market(50)
    price[40:] += 60.0 * np.where(np.arange(24) % 2 == 0, 1.0, -1.0)
    controlled = walked(price, said, 44)[1][-1]
    monkeypatch.setattr(price_forecaster, "_WIDTH_RATE", 1e-12)
    assert bands(controlled).mean() > 1.03 * bands(walked(price, said, 44)[1][-1]).mean()


def test_prices_that_are_unknown_teach_nothing_and_spoil_nothing():
    price, said = market(80)
    price[45, 3:6] = price[55] = np.nan
    forecaster, issues = walked(price, said, 80)
    assert all(np.isfinite(issue.quantiles).all() and np.isfinite(issue.point).all() for issue in issues)
    paths = forecaster.paths(issues[-1], known_at(price, 79), 50, 1)
    assert np.isfinite(paths).all()
    assert 0.7 < bands(issues[-1]).mean() / bands(walked(market(80)[0], said, 80)[1][-1]).mean() < 1.4


def test_a_family_that_is_silent_is_named_and_its_place_is_kept():
    price, said = market(61)
    forecaster, _ = walked(price, said, 59)
    known = known_at(price, 59)
    forecaster.learn(known)
    issue = forecaster.predict(row_of(said, 59, ("trees",)), known)
    assert issue.notes == ("without kernel: too little history",)
    np.testing.assert_allclose(issue.point, said["trees"][59])
    assert np.all(np.diff(issue.quantiles, axis=1) >= 0.0)
    twin, _ = walked(price, said, 59)
    twin.learn(known)
    agreed = twin.predict(MemberRow(day=59, values=dict.fromkeys(MODEL.families, said["trees"][59])), known)
    np.testing.assert_allclose(issue.point, agreed.point)
    assert bands(issue).mean() > bands(agreed).mean()  # one voice alone is no agreement
    assert _issued(forecaster, price, said, 60).notes == _issued(twin, price, said, 60).notes == ()


def test_without_any_member_there_is_no_forecast():
    price, _ = market(FIRST + 1)
    forecaster = PriceForecaster(MODEL, 24)
    with pytest.raises(StaleDataError, match=r"no member can forecast 2026-02-04: give more history"):
        forecaster.predict(MemberRow(day=FIRST, values={}), known_at(price, FIRST))
    with pytest.raises(StaleDataError, match="no member"):  # somebody speaks whom the model does not know
        forecaster.predict(MemberRow(day=FIRST, values={"lear_56": price[0]}), known_at(price, FIRST))


@pytest.mark.parametrize(("n_missing", "wider_by"), [(1, 1.5), (2, 2.0)])
def test_a_missing_input_is_named_and_widens_by_half_and_several_at_most_double(n_missing, wider_by):
    price, said = market(60)
    whole = np.ones((60, 24))
    holed = whole.copy()
    holed[59, 4] = np.nan
    names = ("load_mw", "wind_mw")
    issues = []
    for n_holed in (0, n_missing):
        forecaster, _ = walked(price, said, 59)
        columns = {name: holed if place < n_holed else whole for place, name in enumerate(names)}
        known = known_at(price, 59, **columns)
        forecaster.learn(known)
        issues.append(forecaster.predict(row_of(said, 59), known))
    usual, wider = issues
    np.testing.assert_array_equal(wider.point, usual.point)
    np.testing.assert_allclose(bands(wider), wider_by * bands(usual))
    assert [note.split(":")[0] for note in wider.notes] == list(names[:n_missing])
    assert usual.notes == ()


def test_a_forecast_made_wider_is_not_punished_for_its_width():
    """What is learned is how good the usual width was, so that the days after a gap are as before it."""
    price, said = market(61)
    issues = []
    for n_holed in (0, 1):
        forecaster, _ = walked(price, said, 59)
        column = np.ones((60, 24))
        column[59, :n_holed] = np.nan
        known = known_at(price, 59, load_mw=column)
        forecaster.learn(known)
        forecaster.predict(row_of(said, 59), known)
        issues.append(_issued(forecaster, price, said, 60))
    np.testing.assert_array_equal(issues[0].quantiles, issues[1].quantiles)


def test_prices_that_are_old_are_named_and_widen():
    price, said = market(60)
    forecaster, _ = walked(price, said, 58)
    holed = price.copy()
    holed[57:] = np.nan
    issue = forecaster.predict(row_of(said, 59), known_at(holed, 59))
    assert issue.notes == ("price: the latest whole day is 3 days old",)


def test_prices_that_always_come_late_are_no_fault():
    price, said = market(60)
    forecaster, _ = walked(price, said, 58)
    assert forecaster.predict(row_of(said, 59), known_at(price, 59, n_price_days=58)).notes == ()


def test_later_prices_leave_earlier_issues_as_they_are():
    price, said = market(70)
    other = price.copy()
    other[55:] = np.random.default_rng(9).normal(0.0, 300.0, other[55:].shape)
    for seen, blind in zip(walked(price, said, 56)[1], walked(other, said, 56)[1], strict=True):
        assert np.array_equal(seen.point, blind.point)
        assert np.array_equal(seen.quantiles, blind.quantiles)
    assert not np.array_equal(walked(price, said, 57)[1][-1].quantiles, walked(other, said, 57)[1][-1].quantiles)


@pytest.mark.parametrize("n_slots", [24, 96])
def test_courses_keep_the_quantiles_of_the_issue(n_slots):
    price, said = market(45, n_slots)
    forecaster, issues = walked(price, said, 45)
    known = known_at(price, 44)
    paths = forecaster.paths(issues[-1], known, 99, 4)
    assert paths.shape == (99, n_slots)
    np.testing.assert_array_equal(np.median(paths, axis=0), issues[-1].quantiles[:, 49])
    assert np.array_equal(forecaster.paths(issues[-1], known, 99, 4), paths)


def test_once_a_morning_is_known_the_rest_of_the_day_moves():
    price, said = market(45)
    forecaster, issues = walked(price, said, 45)
    morning = np.where(np.arange(24) < 9, issues[-1].quantiles[:, 94], np.nan)
    new = forecaster.updated(issues[-1], known_at(price, 44), morning)
    assert np.all(new[:9, 49] == morning[:9])
    assert new[9, 49] > issues[-1].quantiles[9, 49]
