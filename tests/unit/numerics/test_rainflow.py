"""Cycles are those of ASTM E1049, whatever the chunks in which the signal arrives."""

import numpy as np
import pytest
import rainflow as reference

from battuta.numerics.rainflow import RainflowCounter, rainflow


def table(*columns):
    return np.array(sorted(zip(*columns, strict=True)))


def test_one_full_swing():
    cycles = rainflow(np.array([0.0, 1.0, 0.0]))
    assert (cycles.depth.tolist(), cycles.count.tolist()) == ([1.0, 1.0], [0.5, 0.5])
    assert cycles.total(cycles.depth) == 1.0


def test_two_samples_are_half_a_cycle_with_or_without_one_between():
    # rules 1 and 6 of the standard; the package counts the second signal so, and none in the first
    for signal in ([0.0, 1.0], [0.0, 0.5, 1.0]):
        cycles = rainflow(np.array(signal))
        assert (cycles.depth.tolist(), cycles.mean.tolist(), cycles.count.tolist()) == ([1.0], [0.5], [0.5])
    assert len(list(reference.extract_cycles([0.0, 0.5, 1.0]))) == 1
    assert list(reference.extract_cycles([0.0, 1.0])) == []


def test_a_signal_that_never_moves_has_no_cycle():
    for signal in ([], [1.0], [1.0, 1.0, 1.0]):
        assert rainflow(np.array(signal)).count.size == 0


@pytest.mark.parametrize("seed", range(30))
def test_any_chunks_count_as_the_reference_does(seed):
    rng = np.random.default_rng(seed)
    signal = rng.integers(0, 12, rng.integers(3, 300)) / 4.0
    counter = RainflowCounter()
    for chunk in np.split(signal, np.sort(rng.integers(0, signal.size, 6))):
        counter.feed(chunk)
    cycles = counter.cycles()
    expected = list(reference.extract_cycles(signal))
    ours = table(cycles.depth, cycles.mean, cycles.count, cycles.span[:, 0], cycles.span[:, 1])
    np.testing.assert_allclose(ours, table(*zip(*expected, strict=True)), atol=1e-12)
    assert np.all(np.diff(cycles.span, axis=1) >= 0)


@pytest.mark.parametrize("seed", range(10))
def test_where_a_cycle_closes_does_not_depend_on_the_chunks(seed):
    rng = np.random.default_rng(seed)
    signal = rng.integers(0, 12, 400) / 4.0
    counter = RainflowCounter()
    for chunk in np.split(signal, np.sort(rng.integers(0, signal.size, 9))):
        counter.feed(chunk)
    np.testing.assert_array_equal(counter.cycles().span, rainflow(signal).span)


def test_where_it_begins_turns_and_closes():
    cycles = rainflow(np.array([0.0, 5.0, 2.0, 4.0, 4.0, 1.0]))
    assert cycles.span.tolist() == [[2, 4, 5], [0, 1, 5], [1, 5, 5]]


def test_a_gap_is_refused():
    with pytest.raises(ValueError, match="finite"):
        rainflow(np.array([0.0, np.nan, 1.0]))
