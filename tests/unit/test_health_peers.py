"""Peers of the health benchmark: the isolation forest by its paper, the band around the resistance of a string."""

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from battuta.domain.telemetry import Block

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def peers():
    sys.path.insert(0, str(BENCHMARKS))
    yield import_module("health_peers")
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def rules(peers):
    return import_module("health_rules")


def string_day(day: int = 0, *, resistance: np.ndarray, seed: int = 3) -> Block:
    """Half an hour of charge, rest and discharge in turns, each cell a resistance, readings to a millivolt."""
    rng = np.random.default_rng([seed, day])
    n = 1440
    current_a = np.repeat(np.tile([-150.0, 0.0, 150.0], 16), 30)
    voltage_v = 3.3 - current_a[:, None] * resistance + 0.0005 * rng.standard_normal((n, resistance.size))
    return Block(
        string_id="synthetic",
        time_ns=day * 86_400_000_000_000 + np.arange(n, dtype=np.int64) * 60_000_000_000,
        current_a=current_a,
        voltage_v=np.round(voltage_v, 3),
        temperature_c=np.full((n, 1), 25.0),
    )


def test_average_path_is_that_of_the_paper(peers) -> None:
    # c(2) = 1; c(256) of equation 1 with H(i) = ln i + 0.5772156649
    assert peers.average_path(np.array([1.0, 2.0, 256.0])) == pytest.approx([0.0, 1.0, 10.2448], abs=1e-4)


def test_scores_follow_the_limits_of_the_paper(peers) -> None:
    """Samples that are all alike score about one half; one far away scores towards 1, those amid others below."""
    rng = np.random.default_rng(5)
    usual = rng.standard_normal((2000, 2))
    forest = peers.grow_forest(np.concatenate([usual, [[9.0, 9.0]]]), rng)
    scores = forest.scores(np.array([[9.0, 9.0], [0.0, 0.0], [0.1, -0.1]]))
    assert scores[0] > 0.75
    assert scores[1] < 0.45
    assert scores[2] < 0.45
    even = peers.grow_forest(rng.random((2000, 1)), rng).scores(rng.random((500, 1)))
    assert float(even.mean()) == pytest.approx(0.5, abs=0.03)


def test_path_of_one_sample_alone_is_that_of_a_plain_tree(peers) -> None:
    """The twin grows and walks one tree by recursion, a node at a time, from the splits that the forest drew."""
    rng = np.random.default_rng(8)
    samples = rng.standard_normal((300, 3))
    forest = peers.grow_forest(samples, np.random.default_rng(2), n_trees=20, n_each=64)
    drawn = np.argsort(np.random.default_rng(2).random((20, 300)), axis=1)[:, :64]
    asked = rng.standard_normal((25, 3))

    def path(tree: int, node: int, inside: np.ndarray, x: np.ndarray, depth: int) -> float:
        values = inside[:, forest.feature[tree, node]] if node < forest.feature.shape[1] else inside[:, 0]
        if depth == 6 or len(inside) <= 1 or values.min() == values.max():
            return depth + float(peers.average_path(np.array(float(len(inside)))))
        split = forest.split[tree, node]
        assert values.min() <= split <= values.max()
        right = x[forest.feature[tree, node]] >= split
        part = inside[(values >= split) == right]
        return path(tree, 2 * node + 1 + int(right), part, x, depth + 1)

    for x in asked:
        paths = [path(tree, 0, samples[drawn[tree]], x, 0) for tree in range(20)]
        expected = 2.0 ** (-np.mean(paths) / float(peers.average_path(np.array(64.0))))
        assert forest.scores(x[None, :])[0] == pytest.approx(expected, rel=1e-12)


def test_an_anomaly_masked_by_many_is_found_by_small_samples(peers) -> None:
    """Strangers that stand close together are told apart from small samples, as the paper finds."""
    rng = np.random.default_rng(11)
    samples = np.concatenate([rng.standard_normal((4000, 2)), 6.0 + 0.2 * rng.standard_normal((40, 2))])
    scores = peers.grow_forest(samples, rng).scores(samples)
    above = (scores[4000:, None] > scores[None, :4000]).mean()
    assert above > 0.98


def test_equal_samples_grow_a_root_alone(peers) -> None:
    forest = peers.grow_forest(np.ones((50, 2)), np.random.default_rng(1))
    assert forest.scores(np.array([[1.0, 1.0], [5.0, 5.0]])) == pytest.approx([0.5, 0.5])


def test_share_of_resistance_is_read_off_steps(peers, rules) -> None:
    ohm = 4.5e-4 * np.array([1.0, 1.0, 1.2, 0.9, 1.0])
    share, variance = peers.resistance_shares(rules.DayView(string_day(resistance=ohm)))
    assert share == pytest.approx([0.0, 0.0, 0.2, -0.1, 0.0], abs=0.005)
    assert variance < 0.03**2


def test_a_day_without_steps_says_nothing(peers, rules) -> None:
    block = string_day(resistance=np.full(4, 4e-4))
    still = Block(
        string_id="synthetic",
        time_ns=block.time_ns,
        current_a=np.zeros(block.n_times),
        voltage_v=block.voltage_v,
        temperature_c=block.temperature_c,
    )
    assert peers.resistance_shares(rules.DayView(still)) is None


def test_weakest_link_and_widest_band(peers) -> None:
    assert peers.weakest_link(np.array([0.5, 0.5])) == pytest.approx(0.75)
    # one cell alone lies outside of the band with one half where it stands; two at once do so farther out
    alone = peers.widest_band(np.array([0.2, 0.0, 0.0]), 0.01)
    both = peers.widest_band(np.array([0.2, -0.2, 0.0]), 0.01)
    assert alone == pytest.approx(0.2, abs=1e-6)
    assert both == pytest.approx(0.2 + 0.01 * 0.5450, abs=1e-5)  # 1 - sqrt(0.5) on each side


def test_a_rising_resistance_is_named_among_its_string(peers, rules) -> None:
    rng = np.random.default_rng(4)
    ohm = 4.5e-4 * (1.0 + 0.03 * rng.standard_normal(24))
    band = peers.ResistanceBand(24)
    told = [
        band.take(rules.DayView(string_day(day, resistance=ohm * (1.0 + (np.arange(24) == 7) * max(day - 20, 0) / 50))))
        for day in range(50)
    ]
    assert np.isneginf(told[:13]).all()
    last = told[-1]
    assert int(np.argmax(last)) == 7
    assert last[7] == pytest.approx(0.58 * ohm[7] / np.median(ohm), abs=0.15)
    assert float(np.max(told[18])) < 0.15


def test_a_cell_is_held_against_the_others_of_its_string(peers, rules) -> None:
    band = peers.ResistanceBand(24)
    ohm = 4.5e-4 * (1.0 + 0.5 * (np.arange(24) == 2))
    for day in range(16):
        scores = band.take(rules.DayView(string_day(day, resistance=ohm)))
    assert float(np.max(scores)) == pytest.approx(0.5, abs=0.02)
    band._state += 0.3  # all of them: nothing stands out more than before
    again = band.take(rules.DayView(string_day(16, resistance=ohm * 1.3)))
    assert int(np.argmax(again)) == 2
    assert float(np.max(again)) == pytest.approx(0.5, abs=0.02)


def test_the_filter_of_two_states_is_the_gaussian_process(peers) -> None:
    """Its last mean and variance are those of plain regression with the kernel of a Wiener velocity."""
    rng = np.random.default_rng(6)
    days, shares, variance = np.arange(1.0, 31.0), rng.standard_normal(30) * 0.05, 0.03**2
    band = peers.ResistanceBand(2)
    start = np.diag(band._covariance).copy()
    for share in shares:
        band._predict(1.0)
        band._update(np.array([share, 0.0]), variance)
    s, t = np.minimum.outer(days, days), np.maximum.outer(days, days)
    kernel = start[0] + start[1] * np.outer(days, days)
    kernel += peers.VELOCITY_PER_ROOT_DAY**2 * (s**3 / 3.0 + (t - s) * s**2 / 2.0)
    solved = np.linalg.solve(kernel + variance * np.eye(30), np.stack([shares, kernel[:, -1]], axis=1))
    assert band._state[0, 0] == pytest.approx(float(kernel[-1] @ solved[:, 0]), rel=1e-9)
    assert band._covariance[0, 0] == pytest.approx(float(kernel[-1, -1] - kernel[-1] @ solved[:, 1]), rel=1e-9)


def test_the_forest_names_the_cell_that_sinks(peers, rules) -> None:
    rng = np.random.default_rng(9)
    ohm = 4.5e-4 * (1.0 + 0.03 * rng.standard_normal(48))
    isolation = peers.IsolationOfCells(48)
    for day in range(24):
        block = string_day(day, resistance=ohm)
        block.voltage_v[:, 5] -= 0.002 * max(day - 16, 0)
        scores = isolation.take(rules.DayView(block))
    assert int(np.argmax(scores)) == 5
    assert scores[5] > 0.6
