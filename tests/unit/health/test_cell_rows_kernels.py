"""The typical voltage and the temperature of a string, against plain NumPy."""

import numpy as np

from battuta.health import cell_rows_kernels as rows
from battuta.health import current_offset_kernels as shared


def typical(voltage_mv):
    found = np.full(voltage_mv.shape[0], np.nan)
    rows.typical_voltage(voltage_mv, found)
    return found


def test_the_typical_voltage_is_the_mean_of_those_near_the_median() -> None:
    rng = np.random.default_rng(4)
    voltage_mv = np.rint(rng.normal(3290.0, 6.0, (400, 61)) + 60.0 * np.sin(np.arange(400) / 9.0)[:, None])
    voltage_mv[rng.random(voltage_mv.shape) < 0.1] = 0.0
    voltage_mv[:, 5] = 4900.0
    for found, row in zip(typical(voltage_mv.astype(np.uint16)), voltage_mv, strict=True):
        read = np.sort(row[row > 0.0])
        median = read[(read.size - 1) // 2]
        assert (
            found == np.mean(read[np.abs(read - median) <= rows.NEAR_MV]) * 0.001
            or abs(found - np.mean(read[np.abs(read - median) <= rows.NEAR_MV]) * 0.001) < 1e-12
        )


def test_extremes_and_too_few_readings() -> None:
    voltage_mv = np.array([[1000] * 4, [5000] * 4, [0, 0, 0, 3300], [0, 0, 3300, 3302], [999, 5001, 999, 5001]])
    np.testing.assert_allclose(typical(voltage_mv.astype(np.uint16)), [1.0, 5.0, 0.0, 3.301, 0.0])


def factors(temperature_c, n_blocks, string=None):
    string = np.zeros(shared.STRING) if string is None else string
    typical_factor, blocks = np.empty(len(temperature_c)), np.empty((len(temperature_c), n_blocks), np.float32)
    rows.resistance_factors(np.array(temperature_c), 3000.0, string, typical_factor, blocks)
    return typical_factor, blocks, string


def arrhenius(celsius):
    return np.exp(3000.0 * (1.0 / (np.asarray(celsius) + 273.15) - 1.0 / 298.15))


def test_blocks_take_their_own_sensors() -> None:
    typical_factor, blocks, _ = factors([[10.0, 20.0, 30.0, 40.0]], 2)
    np.testing.assert_allclose(blocks[0], arrhenius([15.0, 35.0]), rtol=1e-6)
    np.testing.assert_allclose(typical_factor, arrhenius([25.0]))
    np.testing.assert_allclose(factors([[10.0, 40.0]], 4)[1][0], arrhenius([10.0, 10.0, 40.0, 40.0]), rtol=1e-6)


def test_missing_sensors_are_replaced_by_the_others_and_then_by_the_past() -> None:
    nan = np.nan
    typical_factor, blocks, string = factors([[10.0, 20.0], [nan, 30.0], [nan, nan]], 2)
    np.testing.assert_allclose(typical_factor, arrhenius([15.0, 30.0, 30.0]))
    np.testing.assert_allclose(blocks, arrhenius([[10.0, 20.0], [30.0, 30.0], [30.0, 30.0]]), rtol=1e-6)
    assert string[shared.TEMPERATURE_C] == 30.0
    np.testing.assert_allclose(factors(np.empty((1, 0)), 2, string)[1], arrhenius([[30.0, 30.0]]), rtol=1e-6)
