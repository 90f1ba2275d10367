"""Blocks of whole numbers come back bit for bit, and what is expected costs nothing."""

import numpy as np
import pytest
import zstandard

from battuta.adapters.journal.coding import (
    Past,
    Prediction,
    best_prediction,
    decode,
    encode,
    residual,
    restored,
    signed,
    unzigzag,
    zigzag,
)
from battuta.ports.journal import DTYPES

PREDICTIONS = [Prediction(past, axis) for past in Past for axis in range(3)]
COMPRESSOR = zstandard.ZstdCompressor(level=1)


def extremes(dtype: str) -> np.ndarray:
    limits = np.iinfo(dtype)
    values = np.array([limits.min, limits.max, 0, 1, limits.max, limits.min], dtype=dtype)
    return np.random.default_rng(1).choice(values, (7, 3, 5))


@pytest.mark.parametrize("prediction", PREDICTIONS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_the_widest_jumps_come_back(dtype, prediction) -> None:
    block = extremes(dtype)
    back = decode(encode(block, prediction, COMPRESSOR), dtype, block.shape, prediction)
    assert back.dtype == block.dtype
    assert np.array_equal(back, block)
    with pytest.raises(ValueError, match="read-only"):
        back[0] = 0


def test_zigzag_keeps_small_numbers_small() -> None:
    values = np.array([0, -1, 1, -(2**31), 2**31 - 1], dtype=np.int32)
    assert zigzag(values).tolist() == [0, 1, 2, 2**32 - 1, 2**32 - 2]
    assert np.array_equal(unzigzag(zigzag(values)), values)


def test_residuals_are_what_they_are_called() -> None:
    block = np.array([[10, 11], [13, 15], [17, 30]], dtype=np.int32)
    assert residual(block, Prediction(Past.NOTHING, 1)).tolist() == [[10, 1], [13, 2], [17, 13]]
    assert residual(block, Prediction(Past.FIRST)).tolist() == [[10, 11], [3, 4], [7, 19]]
    assert residual(block, Prediction(Past.PREVIOUS)).tolist() == [[10, 11], [3, 4], [4, 15]]
    for prediction in PREDICTIONS[::2]:
        assert np.array_equal(
            restored(residual(block, Prediction(prediction.past, 1)), Prediction(prediction.past, 1)), block
        )


def test_unsigned_numbers_are_seen_as_signed_bits() -> None:
    assert signed(np.array([255, 1], dtype=np.uint8)).tolist() == [-1, 1]


def test_the_prediction_follows_the_data() -> None:
    rng = np.random.default_rng(3)
    walk = np.cumsum(rng.integers(-3, 4, (200, 10)), axis=0).astype(np.int32)
    assert best_prediction(walk).past is Past.PREVIOUS
    noise = (rng.integers(-5000, 5000, 10) + rng.integers(-3, 4, (200, 10))).astype(np.int32)
    assert best_prediction(noise) == Prediction(Past.FIRST, 0)
    shared = (rng.integers(-5000, 5000, (200, 1)) + rng.integers(-3, 4, (200, 10))).astype(np.int32)
    assert best_prediction(shared) == Prediction(Past.NOTHING, 1)
    assert best_prediction(shared[:1]).past is Past.NOTHING


def test_predictions_fit_a_byte() -> None:
    for prediction in PREDICTIONS:
        assert Prediction.of_byte(prediction.byte) == prediction


def test_what_does_not_change_costs_nothing() -> None:
    block = np.repeat(np.arange(400, dtype=np.int32)[None] * 977, 512, axis=0)
    assert len(encode(block, best_prediction(block), COMPRESSOR)) < block.nbytes / 400


def test_a_block_of_another_size_is_refused() -> None:
    data = encode(np.zeros((4, 2), dtype=np.int16), Prediction(), COMPRESSOR)
    with pytest.raises(ValueError, match="16 bytes where 24"):
        decode(data, "int16", (6, 2), Prediction())
