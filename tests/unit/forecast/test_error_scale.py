"""Widths scale with the price, find when errors are large and when members disagree, and need no history."""

import numpy as np
import pytest

from battuta.forecast.error_scale import DISTANCE, LOWEST, N_SIGNS, WEEKEND, ErrorScale, _fitted

N_HISTORY = 40
PRIOR_COLUMNS = [1, 4, 5]
OF_LAPLACE = np.pi / 4.0
"""A width is the square of the mean root of the errors: of a Laplace distribution this share of their mean."""


def market(n_days, n_slots=24, *, error_size=None, seed=1):
    """Prices around a daily shape; errors are Laplace, of the size asked for; two families 2 apart."""
    rng = np.random.default_rng(seed)
    hour = np.arange(n_slots) * 24.0 / n_slots
    point = 50.0 + 12.0 * np.sin((hour - 9.0) * np.pi / 12.0) + 4.0 * rng.normal(size=(N_HISTORY + n_days, 1))
    size = np.full((n_days, n_slots), 3.0) if error_size is None else np.broadcast_to(error_size, (n_days, n_slots))
    price = point + 3.0 * rng.laplace(size=point.shape)
    price[N_HISTORY:] = point[N_HISTORY:] + size * rng.laplace(size=size.shape)
    said = point[N_HISTORY:, None] + np.array([[1.0], [-1.0]])
    return price, said, point[N_HISTORY:]


def walked(price, said, point):
    """Widths of all days, each set before its price is learned."""
    scale, widths = ErrorScale(price[:N_HISTORY]), []
    for day in range(len(point)):
        is_weekend = day % 7 >= 5
        signs = scale.signs(said[day], point[day], price[: N_HISTORY + day], is_weekend=is_weekend)
        widths.append(scale.width(signs, day))
        scale.learn(signs, price[N_HISTORY + day] - point[day])
    return np.array(widths)


def test_twice_the_prices_twice_the_widths():
    price, said, point = market(30)
    np.testing.assert_allclose(walked(2.0 * price, 2.0 * said, 2.0 * point), 2.0 * walked(price, said, point))


def test_another_level_of_prices_changes_nothing():
    price, said, point = market(30)
    np.testing.assert_allclose(walked(price - 80.0, said - 80.0, point - 80.0), walked(price, said, point))


def test_the_first_width_is_of_the_size_of_a_week_to_week_change():
    price, said, point = market(1)
    (width,) = walked(price, said, point)
    assert np.all((width > 1.0) & (width < 9.0))


def test_errors_of_one_size_get_that_width():
    price, said, point = market(150)
    np.testing.assert_allclose(walked(price, said, point)[60:].mean(), OF_LAPLACE * 3.0, rtol=0.05)


@pytest.mark.parametrize(("n_slots", "n_days", "ratio_min"), [(24, 150, 1.8), (24, 350, 2.2), (96, 150, 1.8)])
def test_an_evening_three_times_as_uncertain_grows_wider_with_the_days_that_say_so(n_slots, n_days, ratio_min):
    hour = np.arange(n_slots) * 24.0 / n_slots
    price, said, point = market(n_days, n_slots, error_size=np.where((hour >= 18.0) & (hour < 21.0), 9.0, 3.0))
    width = walked(price, said, point)[-50:].mean(axis=0)
    inside, outside = (hour >= 19.0) & (hour < 20.0), hour < 16.0  # beside the edges, which are smoothed
    assert ratio_min < width[inside].mean() / width[outside].mean() < 3.2


def test_days_on_which_members_disagree_are_wider_by_what_that_has_meant():
    is_apart = np.random.default_rng(3).random(200) < 0.5
    price, said, point = market(200, error_size=np.where(is_apart, 6.0, 3.0)[:, None])
    said = point[:, None] + np.where(is_apart, 3.0, 1.0)[:, None, None] * np.array([[1.0], [-1.0]])
    width = walked(price, said, point)[120:].mean(axis=1)
    apart = is_apart[120:]
    assert width[apart].mean() / width[~apart].mean() == pytest.approx(2.0, rel=0.15)


def test_disagreement_that_never_meant_anything_is_learned_to_mean_little():
    is_apart = np.random.default_rng(3).random(200) < 0.5
    price, _, point = market(200)
    said = point[:, None] + np.where(is_apart, 3.0, 1.0)[:, None, None] * np.array([[1.0], [-1.0]])
    width = walked(price, said, point)[120:].mean(axis=1)
    ratio = width[is_apart[120:]].mean() / width[~is_apart[120:]].mean()
    assert ratio == pytest.approx(1.0, abs=0.1)


def test_errors_that_grow_are_followed_within_two_weeks():
    price, said, point = market(120, error_size=np.where(np.arange(120) < 90, 2.0, 8.0)[:, None])
    width = walked(price, said, point).mean(axis=1)
    assert width[80:90].mean() == pytest.approx(OF_LAPLACE * 2.0, rel=0.1)
    assert width[104:].mean() == pytest.approx(OF_LAPLACE * 8.0, rel=0.1)


def test_missing_prices_teach_nothing_and_spoil_nothing():
    price, said, point = market(60)
    price[N_HISTORY + 20, 4:9] = price[N_HISTORY + 30] = price[N_HISTORY + 59] = np.nan
    widths = walked(price, said, point)
    assert np.all(np.isfinite(widths) & (widths > 0.0))
    np.testing.assert_allclose(widths[31:].mean(), OF_LAPLACE * 3.0, rtol=0.15)


@pytest.mark.parametrize("n_days", [0, 1, 6])
def test_hardly_any_history_is_enough(n_days):
    price, said, point = market(1)
    scale = ErrorScale(price[:n_days])
    signs = scale.signs(said[0], point[0], price[:n_days], is_weekend=False)
    width = scale.width(signs, 1)
    assert signs.values.shape == (24, N_SIGNS)
    assert np.all(np.isfinite(width) & (width > 0.0))


def test_one_voice_alone_is_no_trouble():
    price, said, point = market(30)
    assert np.isfinite(walked(price, said[:, :1], point)).all()


def test_signs_say_where_the_day_lies():
    price, said, point = market(1)
    scale = ErrorScale(price[:N_HISTORY])
    usual, high = (
        scale.signs(said[0] + more, point[0] + more, price[:N_HISTORY], is_weekend=True) for more in (0.0, 500.0)
    )
    assert np.all(usual.values[:, WEEKEND] == 1.0)
    assert np.all(high.values[:, DISTANCE] == 4.0)
    assert np.all(high.values[:, LOWEST] == 0.0)
    assert np.all(usual.values[:, LOWEST] == usual.values[:, DISTANCE].min())


def test_the_fit_is_where_its_gradient_is_zero():
    rng = np.random.default_rng(4)
    x = np.column_stack([np.ones(900), 0.5 * rng.normal(size=(900, N_SIGNS - 1))])
    size, weight = np.sqrt(rng.exponential(np.exp(0.4 * x[:, 2]))), rng.uniform(0.5, 1.5, 900)
    prior, ridge = np.zeros(N_SIGNS), 20.0
    prior[PRIOR_COLUMNS] = 0.5, 0.25, 0.25
    found = _fitted(x, size, weight, np.zeros(N_SIGNS), ridge)

    def value(at):
        terms = weight * (size * np.exp(-0.5 * x @ at) + 0.5 * x @ at) / 0.5
        return terms.sum() + 0.5 * ridge * np.sum((at - prior) ** 2)

    for column in range(N_SIGNS):
        moved = 1e-4 * np.eye(N_SIGNS)[column]
        assert value(found) <= min(value(found + moved), value(found - moved))
    # Moments of order one half: of an exponential error they fall short of the root of its mean.
    assert found[2] == pytest.approx(0.4, abs=0.1)
