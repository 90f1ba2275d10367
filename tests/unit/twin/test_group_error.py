"""The error of a difference, against that of draws whose spread is known."""

import numpy as np
import pytest

from battuta.numerics.sampling import generator
from battuta.twin.group_error import BEYOND_CHANCE, groups_of, standard_error


def test_groups_hold_each_life_once():
    groups = groups_of(203)
    assert np.array_equal(np.concatenate(groups), np.arange(203))
    assert min(each.size for each in groups) == 20


def test_the_error_is_that_of_the_difference_and_not_of_its_parts():
    found = []
    for seed in range(200):
        draw = generator(seed, "test.group_error")
        shared, own = 100.0 * draw.standard_normal(400), draw.standard_normal(400)
        found.append(standard_error(lambda g, a=shared + own, b=shared: np.quantile(a[g] - b[g], [0.5]), 400)[0])
    # the median of 400 standard normal draws has a deviation of sqrt(pi / 2 / 400)
    assert np.sqrt(np.mean(np.square(found))) == pytest.approx(np.sqrt(np.pi / 800.0), rel=0.1)


def test_differences_that_are_none_are_rarely_told():
    told = 0
    for seed in range(400):
        x = generator(seed, "test.group_error.none").standard_normal(400)
        error = standard_error(lambda g, x=x: x[g].mean(keepdims=True), 400)
        told += bool(abs(x.mean()) > BEYOND_CHANCE * error[0])
    assert told / 400 < 0.03, "of a mean; debts at P90 are told more often"


def test_few_lives_say_nothing():
    assert standard_error(lambda g: g.mean(keepdims=True), 199) is None
