"""Whatever curves a user gives: they come back, and what is monotone stays so between them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from battuta.domain.ageing_table import AgeingTable
from battuta.physics.ageing.graded_table import graded_table

rates = st.lists(st.floats(0.2, 5.0), min_size=4, max_size=4)
exponents = st.floats(0.3, 2.0)


def table(rate, exponent):
    places = [(0.2, 20.0), (0.2, 40.0), (1.0, 20.0), (1.0, 40.0)]
    # each curve ends at the same loss, as tables of cycles to an end of life do
    rows = [
        (n / own, 1.0 - 0.2 * (n / 6000.0) ** exponent, *place)
        for own, place in zip(rate, places, strict=True)
        for n in (1500.0, 3000.0, 6000.0)
    ]
    cycles, soh, depth, temperature_c = (tuple(column) for column in zip(*rows, strict=True))
    return AgeingTable(name="maker", full_cycles=cycles, soh_capacity=soh, depth=depth, temperature_c=temperature_c)


@settings(max_examples=40)
@given(rate=rates, exponent=exponents)
def test_rates_between_curves_lie_between_those_of_the_curves(rate, exponent):
    law = graded_table(table(rate, exponent))
    depth, temperature_c = np.meshgrid(np.linspace(0.0, 1.0, 9), np.linspace(0.0, 60.0, 9))
    found = law.rate(depth, temperature_c)
    held = np.exp(law.log_rate)
    assert found.min() >= held.min() * (1.0 - 1e-12)
    assert found.max() <= held.max() * (1.0 + 1e-12)
    if law.is_for_optimiser:
        assert np.all(np.diff(found, axis=1) >= -1e-9)
        assert np.all(np.diff(found, axis=0) >= -1e-9)


@settings(max_examples=40)
@given(rate=rates, exponent=exponents)
def test_curves_of_one_shape_come_back_at_their_rates(rate, exponent):
    law = graded_table(table(rate, exponent))
    wanted = np.log(np.array(rate) / rate[0]).reshape(2, 2)
    assert np.abs(law.log_rate - wanted).max() < 0.05 / exponent
    assert np.all(law.per_unit > 0.0)
