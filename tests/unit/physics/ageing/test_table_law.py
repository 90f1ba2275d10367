"""A table comes back at its own usage; other usage ages by it in proportion; what is no table is refused."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.physics.ageing.ageing_law import term_arrays
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.life_kernels import advance_day, losses
from battuta.physics.ageing.table_law import table_law

YEARS = np.array([0.0, 1.0, 2.0, 5.0, 10.0, 15.0, 20.0])
SOH = np.array([1.0, 0.95, 0.93, 0.88, 0.80, 0.72, 0.62])


def duty(cycles_per_day):
    swing = np.array([1.0 - cycles_per_day, 1.0])
    return duty_days(swing, np.full(2, 25.0), np.array([1.0, -1.0]) * cycles_per_day / 12.0, 43_200.0)


def lost(law, cycles_per_day, years):
    state, arrays = np.zeros(len(law.terms)), term_arrays(law)
    day = law.stresses(duty(cycles_per_day))[0]
    for _ in range(round(years * 365.25)):
        advance_day(state, day, np.ones(state.size), *arrays)
    return losses(state, arrays.kinds, arrays.quantities, arrays.powers)


@pytest.mark.parametrize("share", [None, 0.0, 0.4, 1.0])
def test_the_table_comes_back_at_its_usage(share):
    usage = None if share is None else 200.0
    law = table_law("curve", YEARS, SOH, usage, calendar_share=share)
    for year, soh in zip(YEARS[1:], SOH[1:], strict=True):
        assert lost(law, 200.0 / 365.25, year) == (pytest.approx(1.0 - soh, abs=0.005), 0.0)


def test_half_the_cycles_last_twice_as_long_and_time_goes_on():
    by_cycles = table_law("curve", YEARS, SOH, 365.25)
    assert lost(by_cycles, 0.5, 20.0)[0] == pytest.approx(lost(by_cycles, 1.0, 10.0)[0], rel=1e-3)
    both = table_law("curve", YEARS, SOH, 365.25, calendar_share=0.4)
    expected = 0.4 * lost(by_cycles, 1.0, 20.0)[0] + 0.6 * lost(by_cycles, 1.0, 10.0)[0]
    assert lost(both, 0.5, 20.0)[0] == pytest.approx(expected, rel=1e-3)
    assert {each.cause for each in both.terms} == {"calendar", "cycle"}


def test_the_card_says_how_near_and_optimisers_keep_off():
    law = table_law("curve", YEARS[1:], SOH[1:])
    assert "within" in law.card.accuracy[0]
    assert not law.is_for_optimiser


@pytest.mark.parametrize(
    ("years", "soh", "usage", "share", "error", "says"),
    [
        ([0, 1], [100, 97], None, None, DataError, "is 100 at year 0"),
        ([1, 2], [97, 95], None, None, DataError, "percentage"),
        ([1, 2, 3], [0.9, 0.92, 0.8], None, None, DataError, "0.92 at year 2"),
        ([2, 1], [0.9, 0.8], None, None, DataError, "rise"),
        ([1, 2], [0.9], None, None, DataError, "equal length"),
        ([1, 2], [1.0, 1.0], None, None, DataError, "fall from 1"),
        ([1, 2, 3, 4, 5, 6], [0.99, 0.99, 0.99, 0.80, 0.80, 0.80], None, None, DataError, "smooth its steps"),
        ([1, 2], [0.9, 0.8], None, 0.5, DataError, "needs full_cycles_per_year"),
        ([1, 2], [0.9, 0.8], -5.0, None, InvalidQuantityError, "full_cycles_per_year"),
        ([1, 2], [0.9, 0.8], 300.0, 1.5, InvalidQuantityError, "calendar_share"),
    ],
)
def test_what_is_no_table_is_refused(years, soh, usage, share, error, says):
    with pytest.raises(error, match=says):
        table_law("curve", np.array(years, dtype=float), np.array(soh, dtype=float), usage, calendar_share=share)
