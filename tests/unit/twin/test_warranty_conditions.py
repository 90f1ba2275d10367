"""Limits of use in lives: by year, in all, in the mean, by day."""

import numpy as np
import pytest

from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import SohBand, SohGuarantee, UseLimits, Window, WindowQuantity
from battuta.physics.ageing.duty_days import duty_days
from battuta.twin.warranty_conditions import judge_conditions
from battuta.twin.warranty_lives import warranty_lives

SOH = np.array([[1.0, 0.9, 0.8]])
FLAT = Window(name="flat", quantity=WindowQuantity.SOC, low=0.4, high=0.6)


def contract(use, soh=None, windows=()):
    return Warranty(
        name="toy",
        source="nobody",
        is_assumed=True,
        years=2,
        currency="EUR",
        use=use,
        soh=soh,
        windows=windows,
    )


def lives(first, second, **more):
    years = np.array([[first, second]])
    return warranty_lives(2, SOH, years, years, **more)


def two_days(rate=0.04):
    """Half a day of charge, half a day of discharge, twice; 0.48 full cycles a day."""
    c_rate = np.tile(np.repeat([-rate, rate], 12), 2)
    soc = 0.5 - np.cumsum(c_rate)
    return duty_days(soc, np.full(48, 25.0), c_rate, 3600.0)


def by_name(found):
    return {each.name: each for each in found.clauses}


def test_exactly_at_a_cap_is_no_breach():
    use = UseLimits(full_cycles_per_year_max=365.0, full_cycles_max=730.0)
    found = by_name(judge_conditions(contract(use), lives(365.0, 365.0), None))
    assert [each.breach_probability for each in found.values()] == [0.0, 0.0]
    assert [float(each.margin[0]) for each in found.values()] == [0.0, 0.0]
    over = by_name(judge_conditions(contract(use), lives(365.0, 365.1), None))
    assert [each.first_breach_year.tolist() for each in over.values()] == [[2.0], [2.0]]


def test_use_beyond_all_bands_is_named():
    soh = SohGuarantee(bands=(SohBand(full_cycles_per_year_max=300.0, floor=((2.0, 0.7),)),))
    found = by_name(judge_conditions(contract(UseLimits(), soh), lives(250.0, 360.0), None))
    assert found["mean_full_cycles_per_year"].margin.tolist() == [-5.0]


def test_throughput_is_counted_per_mwh_installed():
    use = UseLimits(discharged_mwh_per_mwh_max=50.0)
    found = judge_conditions(contract(use), lives(300.0, 300.0, installed_mwh=10.0), None)
    assert found.clauses[0].margin.tolist() == [-10.0]
    assert found.clauses[0].first_breach_year.tolist() == [2.0]
    unknown = judge_conditions(contract(use), lives(300.0, 300.0), None)
    assert unknown.clauses == ()
    assert unknown.not_judged == ("discharged_mwh_per_mwh: nobody said how much is installed",)


def test_services_share_a_cap():
    use = UseLimits(full_cycles_max=1000.0)
    found = judge_conditions(contract(use), lives(300.0, 300.0, services={"fcr": np.array([300.0, 150.0])}), None)
    consumed = found.clauses[0].consumed_by
    assert consumed["fcr"].tolist() == [pytest.approx(0.45)]
    assert consumed["other"].tolist() == [pytest.approx(0.15)]


def test_the_fullest_day_counts():
    duty = two_days()
    use = UseLimits(full_cycles_per_day_max=float(duty.full_cycles.max()))
    found = by_name(judge_conditions(contract(use), lives(300.0, 300.0), duty))
    assert found["full_cycles_per_day"].margin.tolist() == [0.0]
    less = UseLimits(full_cycles_per_day_max=use.full_cycles_per_day_max - 0.25)
    found = by_name(judge_conditions(contract(less), lives(300.0, 300.0), duty))
    assert found["full_cycles_per_day"].first_breach_year.tolist() == [1.0]


def test_what_cannot_be_judged_is_said():
    use = UseLimits(missing_hours_per_year_max=10.0, full_cycles_per_day_max=2.0)
    found = judge_conditions(contract(use, windows=(FLAT,)), lives(1.0, 1.0), None)
    assert found.clauses == ()
    assert [each.split(":")[0] for each in found.not_judged] == [
        "missing_hours_per_year",
        "flat",
        "full_cycles_per_day",
    ]


def test_windows_are_judged_on_the_typical_year():
    windows = (
        FLAT,
        Window(name="spared", quantity=WindowQuantity.SOC, low=0.4, high=0.6, share_outside_max=0.9),
        Window(name="cool", quantity=WindowQuantity.TEMPERATURE, high=25.0),
    )
    found = by_name(judge_conditions(contract(UseLimits(), windows=windows), lives(1.0, 1.0), two_days()))
    assert found["flat"].margin.tolist() == [pytest.approx(0.6 - (0.5 + 12 * 0.04))]
    assert found["flat"].first_breach_year.tolist() == [1.0]
    soc = two_days().soc
    outside = float(((soc > 0.6 + 1e-9) | (soc < 0.4 - 1e-9)).mean())
    assert found["spared"].margin.tolist() == [pytest.approx(0.9 - outside)]
    assert found["cool"].margin.tolist() == [0.0]
    assert found["cool"].breach_probability == 0.0


def years_with_eleven_hot_days(n_years, hot_year):
    """Years of 365 days at 25 degC, but for eleven days at 38 degC in one of them."""
    temperature_c = np.full((n_years, 365, 24), 25.0)
    temperature_c[hot_year, 100:111] = 38.0
    n = temperature_c.size
    return duty_days(np.full(n, 0.5), temperature_c.ravel(), np.zeros(n), 3600.0)


def judged_years(duty, n_years, share=0.02):
    hot = Window(name="hot", quantity=WindowQuantity.TEMPERATURE, low=-20.0, high=35.0, share_outside_max=share)
    soh, cycles = np.full((2, n_years + 1), 0.9), np.full((2, n_years), 100.0)
    terms = Warranty(name="toy", source="nobody", is_assumed=True, years=n_years, currency="EUR", windows=(hot,))
    return judge_conditions(terms, warranty_lives(n_years, soh, cycles, cycles), duty).clauses[0]


def test_a_hot_year_is_not_spread_over_calm_ones():
    alone = judged_years(years_with_eleven_hot_days(1, 0), 10)
    among = judged_years(years_with_eleven_hot_days(6, 3), 10)
    for found, first in ((alone, 1.0), (among, 4.0)):
        np.testing.assert_allclose(found.margin, 0.02 - 11 / 365)
        assert found.breach_probability == 1.0
        assert found.first_breach_year.tolist() == [first, first]


def test_a_year_that_is_not_lived_within_the_term_breaks_nothing():
    found = judged_years(years_with_eleven_hot_days(6, 3), 3)
    np.testing.assert_allclose(found.margin, 0.02)
    assert found.breach_probability == 0.0


def test_a_bound_that_is_always_kept_is_first_broken_in_the_year_of_its_breach():
    found = judged_years(years_with_eleven_hot_days(6, 3), 10, share=0.0)
    np.testing.assert_allclose(found.margin, -3.0)
    assert found.first_breach_year.tolist() == [4.0, 4.0]
