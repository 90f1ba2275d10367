"""Published products lie where their sources say, and a further one is drawn from where they come from."""

from __future__ import annotations

import numpy as np
import pytest

from battuta.numerics.sampling import generator
from battuta.twin.published_products import other_product, published_products

AGES = np.array([100.0, 365.0])


def test_products_are_named_once_with_a_source_and_age_with_time_and_warmth() -> None:
    products = published_products()
    assert len({each.name for each in products}) == len(products)
    for each in products:
        assert each.source
        cool, warm = (each.loss_share(temperature_c, 0.5, AGES) for temperature_c in (25.0, 45.0))
        assert np.all((cool > 0.0) & (cool < warm))
        assert cool[1] > cool[0]


def test_a123_lives_at_25_degc_and_half_charge_as_long_as_its_source_says() -> None:
    (product,) = [each for each in published_products() if each.name == "a123_anr26650"]
    months = np.array([166.0])
    assert product.loss_share(25.0, 0.5, 30.5 * months)[0] == pytest.approx(0.2, abs=0.02)


def test_a_further_product_follows_the_t_law_of_the_known_ones() -> None:
    own, others = 1e-4 * np.full((40_000, 1), 2.0), 1e-4 * np.array([[1.0], [5.0], [3.0]])
    found = np.log(other_product(own, others, generator(1, "test"))[:, 0])
    known = np.log(1e-4 * np.array([2.0, 1.0, 5.0, 3.0]))
    half_width = 2.353 * known.std(ddof=1) * np.sqrt(1.25)  # t of three degrees of freedom
    away = np.abs(found - known.mean())
    assert (away <= half_width).mean() == pytest.approx(0.9, abs=0.01)
    assert np.median(found) == pytest.approx(known.mean(), abs=0.02)


def test_a_curve_bends_as_the_known_ones_do_and_loses_no_more_than_all() -> None:
    slow, fast = 0.02 * (AGES / 365.0) ** 0.4, 0.02 * (AGES / 365.0) ** 0.8
    found = other_product(np.tile(slow, (2_000, 1)), fast[None], generator(2, "test"))
    np.testing.assert_allclose(found[:, 1], 0.02)
    assert np.std(np.log(found[:, 0])) > 0.1
    assert other_product(np.full((500, 1), 0.9), np.full((1, 1), 0.1), generator(3, "test")).max() <= 1.0
