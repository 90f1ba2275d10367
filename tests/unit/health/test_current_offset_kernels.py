"""The typical cell of a string and the offset of its current sensor, against plain NumPy with matrices."""

import numpy as np
import pytest

from battuta.health import cell_filter_kernels as kernels
from battuta.health import current_offset_kernels as shared
from battuta.health.cell_filter import string_constants
from battuta.health.cell_filter_state import start_cell_filter
from battuta.health.cell_filter_tables import N_NODES, SOC_HIGH, SOC_LOW, cell_law
from battuta.physics.cell_parameters import cell_parameters

LAW = cell_law(cell_parameters("lfp_314ah"))
TABLES = LAW.tables
P = slice(shared.COVARIANCE, shared.COVARIANCE + 16)


def run(current_a, typical_v, step_s=10.0, string=None):
    state = start_cell_filter(LAW, 1, soc=0.5)
    string = state.string.copy() if string is None else string
    n = len(current_a)
    rows, offset_a = np.zeros((n, kernels.ROW), np.float32), np.zeros((n, 2))
    time_ns = np.round(1e9 * (1.0 + np.cumsum(np.broadcast_to(step_s, n)))).astype(np.int64)
    shared.string_rows(
        time_ns, np.asarray(current_a, float), np.asarray(typical_v, float), np.full(n, 1.2), string_constants(LAW),
        TABLES.ocv_v_exact, TABLES.slopes_v, np.array([-1]), string, np.empty(4), rows, offset_a,
    )  # fmt: skip
    return string, rows, offset_a


def twin(string, rows, typical_v):
    """Follow the typical cell with matrices over given rows; the widths of slopes as in `CellLaw`."""
    x, p = string[shared.REF_SOC : shared.OFFSET_A + 1].copy(), string[P].reshape(4, 4).copy()
    spacing = (SOC_HIGH - SOC_LOW) / (N_NODES - 1)
    for t, (row, read_v) in enumerate(zip(rows.astype(np.float64), typical_v, strict=True)):
        move, push = np.diag([1.0, row[kernels.DECAY], 1.0, 1.0]), LAW.relaxation_ohm * 1.2 * (1 - row[kernels.DECAY])
        if t > 0:
            move[0, 3], move[1, 3] = row[kernels.HOURS] / LAW.capacity_ah, -push
        x[0] -= row[kernels.CHARGE_AH] / LAW.capacity_ah
        x[1] = row[kernels.DECAY] * x[1] + LAW.relaxation_ohm * 1.2 * row[kernels.DRIVE_A]
        drift = LAW.offset_a_per_day**2 * row[kernels.HOURS] / 24.0
        # the cells' rows also doubt the offset; the typical cell carries that doubt as a state of its own
        own = LAW.throughput_share**2 * abs(row[kernels.CHARGE_AH]) / LAW.capacity_ah
        own += LAW.soc_drift_per_day**2 * row[kernels.HOURS] / 24.0
        p = move @ p @ move.T + np.diag([own, row[kernels.RELAXATION_NOISE], row[kernels.RESISTANCE_NOISE], drift])
        place = (x[0] - SOC_LOW) / spacing
        i, doubt = int(place), np.sqrt(p[0, 0])
        slope = TABLES.slopes_v[0 if doubt < 0.015 else 1 if doubt < 0.05 else 2, i]
        ocv_v = TABLES.ocv_v_exact[i] + (place - i) * np.diff(TABLES.ocv_v_exact)[i]
        amps = 1.2 * row[kernels.CURRENT_A]
        h = np.array([slope, -1.0, -amps, 1.2 * x[2]])
        missed = np.clip(read_v - (ocv_v + row[kernels.HYSTERESIS_V] - x[1] - amps * x[2]), -0.1, 0.1)
        once = row[kernels.READ_NOISE] + (slope * LAW.model_soc) ** 2 + ((slope - TABLES.slopes_v[0, i]) * doubt) ** 2
        squared, read_noise = missed**2 / (h @ p @ h + once + LAW.curve_v**2), once * row[kernels.INFLATION]
        worth = max(1.0 - (LAW.curve_v**2 + (slope * LAW.model_soc) ** 2) / ((slope * doubt) ** 2 + 1e-12), 0.0)
        gain = np.array([worth, 1.0, 1.0, worth]) * (p @ h) / (h @ p @ h + read_noise)
        left = np.eye(4) - np.outer(gain, h)
        x, p = x + gain * missed, left @ p @ left.T + read_noise * np.outer(gain, gain)
        reopened = row[kernels.HOURS] / 9.0 * min(max(squared - 9.0, 0.0), 9.0)
        p += np.diag([0.1**2 * reopened, 0.0, 0.0, 0.3**2 * reopened])
    return x, p


def test_the_kernel_equals_the_twin() -> None:
    rng = np.random.default_rng(2)
    current_a = 100.0 * np.sin(np.arange(4000) / 250.0) + 2.0
    typical_v = 3.295 - 3e-4 * current_a + 0.002 * rng.standard_normal(4000) + 0.04 * (np.arange(4000) > 3500)
    string, rows, offset_a = run(current_a, typical_v)
    x, p = twin(start_cell_filter(LAW, 1, soc=0.5).string, rows, typical_v)
    np.testing.assert_allclose(string[shared.REF_SOC : shared.OFFSET_A + 1], x, rtol=2e-4, atol=2e-6)
    scale = np.sqrt(np.outer(np.diag(p), np.diag(p)))
    np.testing.assert_allclose(string[P].reshape(4, 4) / scale, p / scale, atol=2e-4)
    np.testing.assert_allclose(offset_a[-1], [x[3], np.sqrt(p[3, 3])], rtol=1e-3)


def test_rows_say_what_cells_need() -> None:
    string, rows, _ = run([100.0, 100.0, 40.0], np.zeros(3))
    hours = 10.0 / 3600.0
    np.testing.assert_allclose(rows[:, kernels.CHARGE_AH], [0.0, 100.0 * hours, 70.0 * hours], rtol=1e-6)
    np.testing.assert_allclose(rows[1:, kernels.DECAY], np.exp(-10.0 / LAW.relaxation_s), rtol=1e-6)
    np.testing.assert_allclose(rows[:, kernels.CURRENT_A], [100.0, 100.0, 40.0], rtol=1e-6)
    lag = -(1.0 - np.exp(-LAW.hysteresis_rate * 170.0 * hours / LAW.capacity_ah))
    assert string[shared.HYSTERESIS] == pytest.approx(lag)
    assert rows[2, kernels.HYSTERESIS_V] == pytest.approx(LAW.hysteresis_v * lag)
    assert rows[2, kernels.READ_NOISE] > rows[1, kernels.READ_NOISE]  # current and voltage may be read apart at a jump


def test_an_unknown_current_is_not_counted_and_its_doubt_grows_with_the_time() -> None:
    """An hour without a current, in one gap or in many rows: the same doubt, a quarter of the capacity."""
    gap, gap_rows, _ = run([50.0, 50.0], np.zeros(2), step_s=np.array([10.0, 3600.0]))
    many, many_rows, _ = run([50.0] + [np.nan] * 359 + [50.0], np.zeros(361))
    for string, rows in ((gap, gap_rows), (many, many_rows)):
        assert string[shared.REF_SOC] == 0.5
        assert rows[:, kernels.CHARGE_AH].sum() == 0.0
        assert np.sqrt(string[shared.COVARIANCE] - 0.1**2) == pytest.approx(0.25, rel=0.01)
        assert string[shared.UNKNOWN_H] == 0.0
    assert (many_rows[1:-1, kernels.USABLE] == 0.0).all()
    assert gap_rows[1, kernels.USABLE] == 1.0


@pytest.mark.parametrize("bad_a", [np.nan, np.inf, -np.inf])
def test_a_current_that_is_none_never_enters(bad_a) -> None:
    string, rows, offset_a = run([50.0, bad_a, 50.0, 50.0], np.full(4, 3.28))
    assert np.isfinite(string).all()
    assert np.isfinite(rows).all()
    assert np.isfinite(offset_a).all()
