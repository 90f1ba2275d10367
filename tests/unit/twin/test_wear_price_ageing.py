"""A use is told in years of the duty's own ageing: held against lives stepped day by day with it and without."""

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.physics.ageing.ageing_law import AgedQuantity, ageing_law, term_arrays
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.life_kernels import advance_day, term_loss
from battuta.twin.wear_price_ageing import years_of_ageing
from battuta.twin.wear_price_probes import cycle_stresses, rest_stresses


def one_day(depth=0.8, temperature_c=25.0):
    soc = 0.5 + 0.5 * depth * np.sin(2 * np.pi * np.arange(1, 1441) / 1440)
    rate = -np.diff(np.concatenate(([0.5], soc))) * 60.0
    return duty_days(soc, np.full(1440, temperature_c), rate, 60.0)


def lost(law, cause, days):
    kinds, quantities, powers, slot_of = term_arrays(law)
    state, rate = np.zeros(kinds.size), np.ones(kinds.size)
    for slots in days:
        advance_day(state, slots, rate, kinds, quantities, powers, slot_of)
    return sum(
        term_loss(state[at], kinds[at], powers[at])
        for at, term in enumerate(law.terms)
        if term.cause == cause and term.quantity is AgedQuantity.CAPACITY
    )


@pytest.mark.parametrize("name", ["naumann_lfp", "sony_lfp_3ah"])
@pytest.mark.parametrize(("cause", "year_of_use"), [("cycle", 3), ("calendar", 1), ("calendar", 8)])
def test_a_use_is_worth_the_time_that_it_takes_from_a_life(name, cause, year_of_use):
    law, n_years = ageing_law(name), 10
    day = law.stresses(one_day())[0]
    use = np.zeros(law.n_slots)
    if cause == "cycle":
        use[:] = cycle_stresses(law, np.array([0.5]), np.array([0.5]), 25.0)[0, 0]
    else:
        use[:] = rest_stresses(law, np.array([35.0]), np.array([0.9]))[0, 0]
    years = years_of_ageing(law, cause, use[np.newaxis], np.tile(day, (365, 1)), n_years)[:, 0]
    days = [day] * (365 * n_years)
    plain = lost(law, cause, days)
    a_year_more = (lost(law, cause, [*days, *[day] * 30]) - plain) * 365.0 / 30.0
    found = []
    for month in range(12):
        at = round(365 * (year_of_use - 1 + (month + 0.5) / 12))
        found.append((lost(law, cause, [*days[:at], use, *days[at:]]) - plain) / a_year_more)
    assert np.mean(found) == pytest.approx(years[year_of_use - 1], rel=0.01)


def test_a_power_is_the_same_in_all_years_and_a_sigmoid_is_not():
    day = one_day()
    for name, is_same in (("naumann_lfp", True), ("sony_lfp_3ah", False)):
        law = ageing_law(name)
        use = rest_stresses(law, np.array([40.0]), np.array([1.0]))[0]
        years = years_of_ageing(law, "calendar", use, np.tile(law.stresses(day)[0], (365, 1)), 15)[:, 0]
        assert bool(np.ptp(years) < 1e-12) is is_same


def test_the_duty_s_own_day_is_a_day():
    for name in ("naumann_lfp", "sony_lfp_3ah"):
        law = ageing_law(name)
        slots = law.stresses(one_day())
        for cause in ("calendar", "cycle"):
            found = years_of_ageing(law, cause, slots, np.tile(slots[0], (365, 1)), 4)
            assert found == pytest.approx(np.full((4, 1), 1.0 / 365.0), rel=1e-6)


def test_models_and_duties_without_a_price_are_refused():
    still = duty_days(np.full(24, 0.5), np.full(24, 25.0), np.zeros(24), 3600.0)
    law = ageing_law("naumann_lfp")
    with pytest.raises(UsageError, match="ages no capacity by cycle"):
        years_of_ageing(law, "cycle", law.stresses(still), law.stresses(still), 2)
    other = ageing_law("lfp_250ah")
    with pytest.raises(UsageError, match="lfp_250ah may not be given to an optimiser"):
        years_of_ageing(other, "cycle", other.stresses(still), other.stresses(still), 2)
