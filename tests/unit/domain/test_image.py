"""The process image: counts and back, and which instrument a value comes from."""

import numpy as np

from battuta.domain.image import (
    MISSING_COUNT,
    N_SIGNALS,
    RESOLUTION,
    Signal,
    SiteImage,
    Source,
    counts_of,
    source_of,
    values_of,
)


def test_counts_keep_what_the_resolution_keeps() -> None:
    values = np.full((N_SIGNALS, 2), np.nan)
    values[Signal.METER_POWER_KW] = [-12.344, 100.0]
    values[Signal.FREQUENCY_HZ] = [49.9996, 50.0]
    counts = counts_of(values)
    assert counts.dtype == np.int32
    assert counts[Signal.METER_POWER_KW].tolist() == [-1234, 10000]
    assert counts[Signal.FREQUENCY_HZ].tolist() == [50000, 50000]
    assert (counts[Signal.SOC] == MISSING_COUNT).all()


def test_values_survive_a_second_round() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(0.0, 1000.0, (N_SIGNALS, 7)) * RESOLUTION[:, None]
    values[2, 3] = np.nan
    once = values_of(counts_of(values))
    assert np.array_equal(values_of(counts_of(once)), once, equal_nan=True)
    assert np.nanmax(np.abs(once - values) / RESOLUTION[:, None]) <= 0.5 + 1e-9


def test_each_signal_has_one_source() -> None:
    assert source_of(Signal.CELL_TEMPERATURE_C_MAX) is Source.BATTERY
    assert source_of(Signal.FREQUENCY_HZ) is Source.METER
    assert source_of(Signal.SMOKE) is Source.PANEL
    assert {source_of(signal) for signal in Signal} == set(Source)


def test_an_image_gives_rows_by_name() -> None:
    values = np.arange(N_SIGNALS * 3.0).reshape(N_SIGNALS, 3)
    image = SiteImage(time_ns=0, values=values, age_s=np.zeros((len(Source), 3)))
    assert image.n_sites == 3
    assert image[Signal.SOC].tolist() == values[Signal.SOC].tolist()
