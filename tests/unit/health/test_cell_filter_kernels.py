"""A block of cells against plain NumPy in double precision."""

import numpy as np
import pytest

from battuta.health import cell_filter_kernels as kernels
from battuta.health.cell_filter import block_constants
from battuta.health.cell_filter_state import of_cells, start_cell_filter
from battuta.health.cell_filter_tables import N_NODES, SOC_HIGH, SOC_LOW, cell_law
from battuta.physics.cell_parameters import cell_parameters

LAW = cell_law(cell_parameters("lfp_314ah"))
TABLES = LAW.tables
STEP_S = 10.0
N_CELLS = 40
NAMES = ("SOC", "RELAXATION", "RESISTANCE", "ZZ", "ZV", "ZR", "VV", "VR", "RR", "CONSISTENCY")


def shared_rows(n_times, seed=3):
    rng = np.random.default_rng(seed)
    current_a = 120.0 * np.sin(np.arange(n_times) / 300.0) + rng.normal(0.0, 5.0, n_times)
    decay = np.exp(-STEP_S / LAW.relaxation_s)
    rows = np.zeros((n_times, kernels.ROW))
    rows[:, kernels.CHARGE_AH], rows[:, kernels.CURRENT_A] = current_a * STEP_S / 3600.0, current_a
    rows[:, kernels.DECAY], rows[:, kernels.DRIVE_A] = decay, (1.0 - decay) * current_a
    rows[:, kernels.HOURS], rows[:, kernels.HYSTERESIS_V] = STEP_S / 3600.0, 0.004 * np.sign(-current_a)
    rows[:, kernels.SOC_NOISE], rows[:, kernels.RELAXATION_NOISE] = 1e-9, 1e-8
    rows[:, kernels.RESISTANCE_NOISE], rows[:, kernels.READ_NOISE] = 1e-15, 2e-5
    rows[:, kernels.INFLATION], rows[:, kernels.FORGET] = 40.0, 1e-3
    rows[:, kernels.REOPEN] = 1e-6
    rows[:, kernels.USABLE] = rng.random(n_times) > 0.1
    factor = 1.0 + 0.2 * rng.random((n_times, 2))
    voltage_mv = np.clip(3290.0 - 0.3 * current_a[:, None] + rng.normal(0.0, 8.0, (n_times, N_CELLS)), 2500, 3600)
    voltage_mv[rng.random(voltage_mv.shape) < 0.05] = 0
    bleed_ah = 0.001 * (rng.random((n_times, N_CELLS)) < 0.1)
    return rows.astype(np.float32), factor.astype(np.float32), np.rint(voltage_mv).astype(np.uint16), bleed_ah


def started(soc_deviation=0.05):
    state = start_cell_filter(LAW, N_CELLS, soc=0.55, soc_deviation=soc_deviation)
    rng = np.random.default_rng(8)
    return state.with_cells(
        capacity_ah=LAW.capacity_ah * rng.uniform(0.9, 1.1, N_CELLS), leak_a=0.05 * rng.random(N_CELLS)
    )


def compiled(state, rows, factor, voltage_mv, bleed_ah, report_rows=()):
    wanted = np.array(report_rows, dtype=np.int64)
    reports = np.zeros((wanted.size, 2, kernels.STATE), np.float32)
    for block in range(2):
        kernels.filter_block(
            rows, factor, voltage_mv, bleed_ah.astype(np.float32), TABLES.ocv_v, TABLES.slope_v, block_constants(LAW),
            block, wanted, state.cells, np.zeros(kernels.WORK, np.float32), reports,
        )  # fmt: skip
    return reports


def twin(state, rows, factor, voltage_mv, bleed_ah):
    """The same filter with matrices: (n_cells, 3, 3) covariances, no rounding kept aside."""
    of = {name: of_cells(state.cells, getattr(kernels, name), N_CELLS) for name in (*NAMES, "PER_AH", "LEAK")}
    x = np.stack((of["SOC"], of["RELAXATION"], of["RESISTANCE"]), axis=1)
    p = np.zeros((N_CELLS, 3, 3))
    for (i, j), name in zip(((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)), NAMES[3:9], strict=True):
        p[:, i, j] = p[:, j, i] = of[name]
    consistency = of["CONSISTENCY"].copy()
    block, spacing = np.arange(N_CELLS) // kernels.BLOCK, (SOC_HIGH - SOC_LOW) / (N_NODES - 1)
    for t, row in enumerate(rows.astype(np.float64)):
        heat = factor[t].astype(np.float64)[block]
        move = np.diag([1.0, row[kernels.DECAY], 1.0])
        x = x @ move
        taken_ah = row[kernels.CHARGE_AH] + of["LEAK"] * row[kernels.HOURS] + (bleed_ah[t] if len(bleed_ah) else 0.0)
        x[:, 0] -= taken_ah * of["PER_AH"]
        x[:, 1] += row[kernels.DRIVE_A] * LAW.relaxation_ohm * heat
        noise = row[[kernels.SOC_NOISE, kernels.RELAXATION_NOISE, kernels.RESISTANCE_NOISE]]
        p = move @ p @ move + np.diag(noise)
        seen = (voltage_mv[t] > 0) & (row[kernels.USABLE] > 0)
        node = np.clip(((x[:, 0] - SOC_LOW) / spacing).astype(int), 0, N_NODES - 2)
        slope = np.where(p[:, 0, 0] > 0.12**2, TABLES.slopes_v[2][node], TABLES.slopes_v[0][node])
        amps = row[kernels.CURRENT_A] * heat
        ocv_v = TABLES.ocv_v_exact[node] + slope * (x[:, 0] - SOC_LOW - node * spacing)
        expected_v = ocv_v + row[kernels.HYSTERESIS_V] - x[:, 1] - amps * x[:, 2]
        missed_v = np.clip(voltage_mv[t] / 1000.0 - expected_v, -0.1, 0.1)
        h = np.stack((slope, -np.ones(N_CELLS), -amps), axis=1)
        ph = np.einsum("cij,cj->ci", p, h)
        known, once = np.einsum("ci,ci->c", h, ph), row[kernels.READ_NOISE] + (slope * LAW.model_soc) ** 2
        weight = seen / (known + once * row[kernels.INFLATION])
        squared = missed_v**2 / (known + once + LAW.curve_v**2)
        consistency += row[kernels.FORGET] * seen * (squared - consistency)
        # a gain that is not the best keeps a covariance true: (I - K H) P (I - K H)' + K R K'
        floor = (LAW.curve_v**2 + (slope * LAW.model_soc) ** 2) / (slope**2 * p[:, 0, 0] + 1e-12)
        worth = np.stack((np.maximum(1.0 - floor, 0.0), np.ones(N_CELLS), np.ones(N_CELLS)), axis=1)
        gain = worth * ph * weight[:, None]
        left = np.eye(3) - gain[:, :, None] * h[:, None, :]
        noise = (once * row[kernels.INFLATION])[:, None, None] * gain[:, :, None] * gain[:, None, :]
        x = x + gain * missed_v[:, None]
        p = left @ p @ left.transpose(0, 2, 1) + noise
        p[:, 0, 0] += seen * row[kernels.REOPEN] * np.clip(squared - 9.0, 0.0, 9.0)
    return x, p, consistency


@pytest.mark.parametrize(
    ("is_bled", "soc_deviation", "n_times"), [(True, 0.05, 3000), (False, 0.05, 3000), (True, 0.2, 30)]
)
def test_single_precision_equals_the_twin_in_double(is_bled, soc_deviation, n_times) -> None:
    """In the last case the doubt is so large that the wide slope is taken."""
    state, (rows, factor, voltage_mv, bleed_ah) = started(soc_deviation), shared_rows(n_times)
    bleed_ah = bleed_ah if is_bled else np.empty((0, 0))
    x, p, consistency = twin(state, rows, factor, voltage_mv, bleed_ah)
    compiled(state, rows, factor, voltage_mv, bleed_ah)
    np.testing.assert_allclose(of_cells(state.cells, kernels.SOC, N_CELLS), x[:, 0], atol=1e-4)
    np.testing.assert_allclose(of_cells(state.cells, kernels.RELAXATION, N_CELLS), x[:, 1], atol=1e-5)
    np.testing.assert_allclose(of_cells(state.cells, kernels.RESISTANCE, N_CELLS), x[:, 2], rtol=2e-3)
    for (i, j), name in zip(((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)), NAMES[3:9], strict=True):
        scale = np.sqrt(p[:, i, i] * p[:, j, j])
        found = of_cells(state.cells, getattr(kernels, name), N_CELLS)
        np.testing.assert_allclose(found / scale, p[:, i, j] / scale, atol=3e-3)
    np.testing.assert_allclose(of_cells(state.cells, kernels.CONSISTENCY, N_CELLS), consistency, rtol=2e-2)


def test_small_charges_do_not_drown_in_rounding() -> None:
    """A leak of 10 mA over a day of seconds is 0.076 %, though each step is a tenth of the last digit of a soc."""
    state = start_cell_filter(LAW, N_CELLS, soc=0.9)
    state = state.with_cells(leak_a=np.full(N_CELLS, 0.01))
    rows = np.zeros((86_400, kernels.ROW), np.float32)
    rows[:, kernels.HOURS], rows[:, kernels.DECAY] = 1.0 / 3600.0, 1.0
    compiled(state, rows, np.ones((86_400, 2), np.float32), np.zeros((86_400, N_CELLS), np.uint16), np.empty((0, 0)))
    np.testing.assert_allclose(0.9 - state.soc, 0.24 / LAW.capacity_ah, rtol=1e-3)


def test_reports_are_the_state_after_their_rows() -> None:
    rows, factor, voltage_mv, bleed_ah = shared_rows(100)
    state, half = started(), started()
    reports = compiled(state, rows, factor, voltage_mv, bleed_ah, [49, 99])
    compiled(half, rows[:50], factor[:50], voltage_mv[:50], bleed_ah[:50])
    np.testing.assert_array_equal(reports[0], half.cells)
    np.testing.assert_array_equal(reports[1], state.cells)


def test_a_cell_without_a_reading_is_only_counted() -> None:
    rows, factor, voltage_mv, _ = shared_rows(500)
    voltage_mv[:, 7] = 0
    voltage_mv[:, 8] = 65_535
    state, before = started(), started()
    compiled(state, rows, factor, voltage_mv, np.empty((0, 0)))
    taken_ah = rows[:, kernels.CHARGE_AH].astype(np.float64).sum()
    leak_ah = of_cells(before.cells, kernels.LEAK, N_CELLS) * rows[:, kernels.HOURS].astype(np.float64).sum()
    counted = before.soc - (taken_ah + leak_ah) / before.capacity_ah
    np.testing.assert_allclose(state.soc[7:9], counted[7:9], atol=1e-6)
    assert np.abs(state.soc[:7] - counted[:7]).max() > 1e-4
    assert (np.diff(of_cells(state.cells, kernels.ZZ, N_CELLS)[6:8]) > 0.0).all()
