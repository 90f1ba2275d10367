"""Capacity by total least squares: no bias where both sides err, honest errors, slow forgetting."""

import numpy as np
import pytest

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.health.cell_capacity import add_charge, start_capacity, told_capacity_ah


def told(n_pairs=40, n_cells=400, soc_noise=0.03, charge_noise_ah=1.0, seed=1):
    rng = np.random.default_rng(seed)
    truth_ah = rng.uniform(250.0, 320.0, n_cells)
    seen = start_capacity(n_cells, 314.0, deviation_share=0.3)
    fall, charge_ah = np.empty((n_pairs, n_cells)), np.empty((n_pairs, n_cells))
    for pair in range(n_pairs):
        true_fall = rng.uniform(0.3, 0.7, n_cells) * rng.choice([-1.0, 1.0])
        fall[pair] = true_fall + soc_noise * rng.standard_normal(n_cells)
        charge_ah[pair] = true_fall * truth_ah + charge_noise_ah * rng.standard_normal(n_cells)
        seen = add_charge(
            seen, soc_fall=fall[pair], soc_fall_deviation=np.full(n_cells, soc_noise),
            charge_ah=charge_ah[pair], charge_deviation_ah=np.full(n_cells, charge_noise_ah),
        )  # fmt: skip
    return truth_ah, seen, fall, charge_ah


def test_no_bias_where_least_squares_has_one() -> None:
    truth_ah, seen, fall, charge_ah = told(soc_noise=0.06)
    capacity_ah, _ = told_capacity_ah(seen)
    plain_ah = (fall * charge_ah).sum(axis=0) / (fall**2).sum(axis=0)
    assert np.mean(plain_ah / truth_ah - 1.0) < -0.01
    assert abs(np.mean(capacity_ah / truth_ah - 1.0)) < 0.003


def test_the_error_bars_are_those_of_the_errors() -> None:
    truth_ah, seen, _, _ = told()
    capacity_ah, deviation_ah = told_capacity_ah(seen)
    z = (capacity_ah - truth_ah) / deviation_ah
    assert 0.9 < np.std(z) < 1.1
    assert abs(np.mean(z)) < 0.3


def test_the_answer_is_the_least_misfit_of_all_pairs() -> None:
    _, seen, fall, charge_ah = told(n_cells=20)
    capacity_ah, _ = told_capacity_ah(seen)
    share = np.linspace(0.6, 1.2, 6001)[:, None, None]
    squared = (charge_ah / 314.0 - share * fall) ** 2 / ((1.0 / 314.0) ** 2 + share**2 * 0.03**2)
    best = share[np.argmin(squared.sum(axis=1) + (share[:, 0] - 1.0) ** 2 / 0.3**2, axis=0), 0, 0]
    np.testing.assert_allclose(capacity_ah / 314.0, best, atol=2e-4)


def test_nothing_seen_is_what_was_believed() -> None:
    capacity_ah, deviation_ah = told_capacity_ah(start_capacity(3, 314.0, deviation_share=0.03))
    np.testing.assert_allclose(capacity_ah, 314.0)
    np.testing.assert_allclose(deviation_ah, 0.03 * 314.0, rtol=0.02)


def test_old_charges_count_less() -> None:
    seen = start_capacity(1, 314.0)
    pair = {"soc_fall": np.array([0.7]), "soc_fall_deviation": np.array([0.01]), "charge_deviation_ah": np.ones(1)}
    for _ in range(20):
        seen = add_charge(seen, charge_ah=np.array([0.7 * 310.0]), **pair)
    for _ in range(20):
        seen = add_charge(seen, charge_ah=np.array([0.7 * 280.0]), days=60.0, **pair)
    assert told_capacity_ah(seen)[0][0] == pytest.approx(283.0, abs=1.5)


def test_only_chosen_cells_change_and_unknown_charges_are_refused() -> None:
    seen = start_capacity(2, 314.0)
    pair = {"soc_fall": np.array([0.5, np.nan]), "soc_fall_deviation": np.full(2, 0.01)}
    pair |= {"charge_ah": np.array([140.0, 140.0]), "charge_deviation_ah": np.ones(2)}
    capacity_ah, _ = told_capacity_ah(add_charge(seen, cells=np.array([True, False]), **pair))
    assert capacity_ah[0] < 300.0
    assert capacity_ah[1] == pytest.approx(314.0)
    with pytest.raises(DataError, match=r"cells \[1\]"):
        add_charge(seen, **pair)
    with pytest.raises(InvalidQuantityError, match="nominal_ah"):
        start_capacity(2, 0.0)
