"""Hours that cannot be are refused; what is merely new, or belongs to a price, is not."""

import numpy as np
import pytest

from battuta.domain.input_finding import InputFault, Severity
from battuta.forecast.spoiled_limits import dark_slots, impossible
from battuta.forecast.spoiled_record import DayRecord

ROWS = np.arange(28, 56)
HOUR = np.arange(24)


def record_of(days, *, is_price=False):
    record = DayRecord(24, is_price=is_price)
    for day in days:
        record.append(day)
    return record


def loads(n_days=60):
    return np.random.default_rng(1).uniform(500.0, 1000.0, (n_days, 24))


def judged(values, days=None, night=None, **options):
    days = loads() if days is None else days
    day = days[0].copy()
    day[: len(values)] = values
    return impossible(record_of(days, **options), day, ROWS[len(days) > ROWS], (days.min(), days.max()), night)


def test_what_nothing_is_in_any_unit_is_refused_from_the_first_day():
    verdict = judged([1e300], days=loads(2))
    assert verdict.severity is Severity.REFUSE
    assert verdict.detail == "1 of 24 values are beyond 1e+15, as nothing is in any unit"


@pytest.mark.parametrize("values", [[7e5], [7e5] * 5, [-600.0], [-7e5]])
def test_hours_that_cannot_be_are_refused(values):
    verdict = judged(values)
    assert (verdict.kind, verdict.severity) == (InputFault.JUMP, Severity.REFUSE)
    assert f"value 0 of the day is {values[0]:g}" in verdict.detail
    assert f"{len(values)} of 24 cannot be" in verdict.detail


@pytest.mark.parametrize("values", [[29_000.0], [7e5] * 13, [0.0]])
def test_what_is_merely_high_or_lasts_is_left_to_others(values):
    assert judged(values) is None


def test_a_price_and_a_short_record_are_not_judged():
    assert judged([7e5], is_price=True) is None
    assert judged([7e5], days=loads(57)[:55]) is None
    assert judged([7e5], days=loads(56)) is not None


def test_a_small_first_frost_is_weather():
    mild_c = np.random.default_rng(2).uniform(0.0, 24.0, (60, 24))
    assert judged([-9.0], days=mild_c) is None
    assert judged([-26.0], days=mild_c) is not None


def test_sun_by_night_is_refused_and_a_change_of_clocks_is_not():
    days = np.maximum(np.sin((HOUR - 6) / 12 * np.pi), 0.0) * np.random.default_rng(3).uniform(50, 100, (60, 1))
    days[:, [6, 18]] = 0.0
    night = dark_slots(days.max(axis=0))
    assert np.flatnonzero(night).tolist() == [0, 1, 2, 3, 4, 5, 19, 20, 21, 22, 23]
    late = np.where(HOUR == 18, 30.0, days[0])
    assert impossible(record_of(days), late, ROWS, (0.0, days.max()), night) is None
    midnight = np.where(HOUR == 1, 30.0, days[0])
    assert "an hour that was dark" in impossible(record_of(days), midnight, ROWS, (0.0, days.max()), night).detail
    assert impossible(record_of(days), np.where(HOUR == 1, 15.0, days[0]), ROWS, (0.0, days.max()), night) is None
    assert impossible(record_of(days), midnight, ROWS, (0.0, days.max()), None) is None
