"""Ingest: what is decided on is exactly what the counts say."""

import numpy as np
import pytest

from battuta.domain.image import MISSING_COUNT, N_SIGNALS, N_SOURCES, RESOLUTION, Signal, Source
from battuta.services.ingest import AGE_LIMIT_S, AGE_STEP_S, frozen_image, image_of_counts

NOW_NS = 1_800_000_000 * 10**9


def said(**values):
    rows = np.ones((N_SIGNALS, 2))
    for name, value in values.items():
        rows[Signal[name.upper()]] = value
    return rows


def measured(age_s: float = 0.0):
    return np.full((N_SOURCES, 2), NOW_NS - round(age_s * 1e9), dtype=np.int64)


def test_values_are_whole_numbers_of_their_resolution() -> None:
    image, counts, _ = frozen_image(said(frequency_hz=49.98764, soc=0.51237), measured(), NOW_NS)
    assert image.time_ns == NOW_NS
    assert counts[Signal.FREQUENCY_HZ].tolist() == [49_988, 49_988]
    assert image[Signal.FREQUENCY_HZ][0] == pytest.approx(49.988, abs=1e-12)
    assert image[Signal.SOC][0] == pytest.approx(0.5124, abs=1e-12)


def test_an_image_is_read_back_bit_for_bit() -> None:
    random = np.random.default_rng(4)
    values = random.uniform(-2000.0, 2000.0, (N_SIGNALS, 2))
    values[random.random(values.shape) < 0.2] = np.nan
    image, counts, age_counts = frozen_image(values, measured(1.234), NOW_NS)
    again = image_of_counts(counts, age_counts, NOW_NS)
    assert again.values.tobytes() == image.values.tobytes()
    assert again.age_s.tobytes() == image.age_s.tobytes()
    known = ~np.isnan(values)
    assert np.all(np.abs(image.values - values)[known] <= (0.5 * RESOLUTION[:, None] + 1e-9).repeat(2, 1)[known])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_missing(value) -> None:
    image, counts, _ = frozen_image(said(soc=value), measured(), NOW_NS)
    assert counts[Signal.SOC].tolist() == [MISSING_COUNT] * 2
    assert np.isnan(image[Signal.SOC]).all()


@pytest.mark.parametrize(
    ("age_s", "expected_s"), [(0.0, 0.0), (1.234, 1.23), (5.004, 5.0), (1e4, AGE_LIMIT_S), (-0.3, 0.0)]
)
def test_ages_are_whole_steps_within_their_limit(age_s, expected_s) -> None:
    image, _, age_counts = frozen_image(said(), measured(age_s), NOW_NS)
    assert age_counts[Source.METER, 0] == round(expected_s / AGE_STEP_S)
    assert image.age_s[Source.METER, 0] == pytest.approx(expected_s)


def test_an_instrument_that_never_spoke_is_as_old_as_can_be() -> None:
    measured_ns = measured()
    measured_ns[Source.PANEL, 1] = 0
    image, _, _ = frozen_image(said(), measured_ns, NOW_NS)
    assert image.age_s[Source.PANEL].tolist() == [0.0, AGE_LIMIT_S]
    at_the_beginning, _, _ = frozen_image(said(), np.zeros((N_SOURCES, 2), dtype=np.int64), 10**9)
    assert (at_the_beginning.age_s == AGE_LIMIT_S).all()


def test_a_value_stamped_by_a_clock_that_runs_ahead_is_as_old_as_can_be() -> None:
    values, now_ns = np.zeros((N_SIGNALS, 1)), 10**18
    ages = []
    for ahead_s in (0.0, 0.4, 0.6, 3_600.0):
        measured_ns = np.full((N_SOURCES, 1), now_ns + round(ahead_s * 1e9))
        ages.append(float(frozen_image(values, measured_ns, now_ns)[0].age_s[0, 0]))
    assert ages == [0.0, 0.0, AGE_LIMIT_S, AGE_LIMIT_S]
