"""Curves come back at their depths and temperatures, mixtures lie between, and what has no one shape is refused."""

import numpy as np
import pytest

from battuta.domain.ageing_table import AgeingTable
from battuta.domain.errors import BattutaError, DataError
from battuta.physics.ageing.ageing_law import term_arrays
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.graded_table import graded_table
from battuta.physics.ageing.life_kernels import advance_day, losses

CYCLES = np.array([1000.0, 3000.0, 6000.0])


def curves(rates, cycles=CYCLES, exponent=0.8, **given):
    """Points of one shape, a rate for each (depth, temperature)."""
    rows = [
        (n, 1.0 - 0.2 * (rate * n / 6000.0) ** exponent, deep, warm)
        for (deep, warm), rate in rates.items()
        for n in cycles
    ]
    full_cycles, soh, depth, temperature_c = (
        tuple(float(each) for each in column) for column in zip(*rows, strict=True)
    )
    return AgeingTable(
        name="maker", full_cycles=full_cycles, soh_capacity=soh, depth=depth, temperature_c=temperature_c, **given
    )


def day(depth, temperature_c):
    """One full cycle of a depth, shallow ones repeated, until a day holds one equivalent cycle."""
    n = round(1.0 / depth)
    soc = np.tile(np.concatenate((np.linspace(1.0, 1.0 - depth, 61)[1:], np.linspace(1.0 - depth, 1.0, 61)[1:])), n)
    soc = np.concatenate((soc, np.full(1440 - soc.size, 1.0)))
    return duty_days(soc, np.full(1440, temperature_c), -np.diff(soc, prepend=1.0) * 60.0, 60.0)


def lost(law, one, days):
    state, arrays = np.zeros(len(law.terms)), term_arrays(law)
    stress = law.stresses(one)[0]
    for _ in range(days):
        advance_day(state, stress, np.ones(state.size), *arrays)
    return losses(state, arrays.kinds, arrays.quantities, arrays.powers)[0]


RATES = {(0.25, 25.0): 0.5, (0.25, 45.0): 1.0, (1.0, 25.0): 1.0, (1.0, 45.0): 2.0}


@pytest.mark.parametrize(("depth", "temperature_c"), list(RATES))
def test_each_curve_comes_back(depth, temperature_c):
    law = graded_table(curves(RATES))
    wanted = 0.2 * (RATES[depth, temperature_c] * 3000.0 / 6000.0) ** 0.8
    assert lost(law, day(depth, temperature_c), 3000) == pytest.approx(wanted, abs=0.005)


def test_between_curves_the_logarithm_is_straight_and_beyond_them_the_rate_is_held():
    law = graded_table(curves(RATES))
    at = law.rate(np.array([0.25, 0.25, 0.25, 0.625]), np.array([25.0, 35.0, 60.0, 25.0])) / law.rate(
        np.array([0.25]), np.array([25.0])
    )
    assert at == pytest.approx([1.0, np.sqrt(2.0), 2.0, np.sqrt(2.0)], rel=0.02)
    assert law.rate(np.array([0.01]), np.array([-20.0])) == law.rate(np.array([0.25]), np.array([25.0]))


def test_storage_ages_by_the_temperature_of_each_hour():
    years = np.array([2.0, 5.0, 10.0])
    rows = [(y, 1.0 - 0.1 * rate * (y / 10.0) ** 0.5, warm) for warm, rate in ((20.0, 1.0), (40.0, 2.0)) for y in years]
    age, soh, warm = (tuple(float(each) for each in column) for column in zip(*rows, strict=True))
    law = graded_table(AgeingTable(name="shelf", years=age, soh_capacity=soh, temperature_c=warm))
    rest = np.full(24, 0.5)

    def by(temperature_c):
        return lost(law, duty_days(rest, temperature_c, np.zeros(24), 3600.0), 3652)

    assert by(np.full(24, 20.0)) == pytest.approx(0.1, abs=0.005)
    assert by(np.full(24, 40.0)) == pytest.approx(0.2, abs=0.005)
    assert by(np.repeat([20.0, 40.0], 12)) > by(np.full(24, 30.0))
    assert {each.cause for each in law.terms} == {"calendar"}


def test_optimisers_get_it_only_where_more_harm_never_costs_less():
    assert graded_table(curves(RATES)).is_for_optimiser
    assert not graded_table(curves({**RATES, (0.25, 25.0): 1.5})).is_for_optimiser  # shallow costs more
    assert not graded_table(curves({**RATES, (1.0, 45.0): 0.9})).is_for_optimiser  # warm costs less
    assert not graded_table(curves({(1.0, 25.0): 1.0})).is_for_optimiser  # it knows no depth


def test_the_card_says_who_gave_it_and_where_it_holds():
    card = graded_table(curves(RATES, family="mine")).card
    assert "given by the user, not verified" in card.fitted_on
    assert card.family == "mine"
    sides = {each.name: (each.low, each.high) for each in card.validity}
    assert sides == {"full_cycles": (0.0, 6000.0), "depth": (0.25, 1.0), "temperature_c": (25.0, 45.0)}


def test_what_has_no_one_shape_is_refused_with_its_curve():
    bent, straight = curves({(0.5, 25.0): 1.0}, exponent=0.3), curves({(1.0, 25.0): 1.0}, exponent=3.0)
    both = AgeingTable(
        name="maker",
        full_cycles=bent.full_cycles + straight.full_cycles,
        soh_capacity=bent.soh_capacity + straight.soh_capacity,
        depth=bent.depth + straight.depth,
    )
    with pytest.raises(DataError, match=r"maker: one shape .* at depth [01].*smooth the points"):
        graded_table(both)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"soh_capacity": (97.0, 90.0)}, r"soh_capacity = 97 is outside \[0, 1\]"),
        ({"soh_capacity": (0.9, 0.92)}, "0.92 at 2000"),
        ({"full_cycles": (1000.0, 1000.0)}, "two points at 1000"),
        ({"full_cycles": (-1.0, 1000.0)}, "full_cycles = -1 is outside"),
        ({"full_cycles": (0.0, 1000.0)}, "new battery has soh_capacity 1"),
        ({"depth": (0.5, 1.0), "temperature_c": (25.0, 45.0)}, "each pair of a depth and a temperature"),
    ],
)
def test_what_is_no_curve_is_refused(given, says):
    table = {"full_cycles": (1000.0, 2000.0), "soh_capacity": (0.9, 0.8), **given}
    with pytest.raises(BattutaError, match=says):
        graded_table(AgeingTable(name="maker", **table))
