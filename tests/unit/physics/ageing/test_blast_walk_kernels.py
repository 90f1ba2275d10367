"""The walk by a table is the walk segment by segment, written out with the steps themselves."""

import numpy as np
import pytest

from battuta.physics.ageing import blast_kernels as kernels
from battuta.physics.ageing.blast_walk_kernels import prismatic_life, sony_life, stress_rows, walk_life
from battuta.physics.ageing.prismatic import prismatic_row
from battuta.physics.ageing.sony import sony_row

N_DAYS = 40
TIME_S = np.arange(24 * N_DAYS) * 3600.0
SOC = 0.5 + 0.45 * np.sin(TIME_S / 9_000.0)
TEMPERATURE_C = 25.0 + 5.0 * np.sin(TIME_S / 1e6)
ENDS = np.arange(23, 24 * N_DAYS, 24)
MODELS = [(kernels.PRISMATIC, prismatic_row(), prismatic_life), (kernels.SONY, sony_row(), sony_life)]


@pytest.mark.parametrize(("model", "row", "life"), MODELS)
def test_by_a_table_of_one_node(model, row, life):
    table = np.zeros((1, ENDS.size, 9))
    stress_rows(model, TIME_S, SOC, TEMPERATURE_C, ENDS, 1.0, row, table[0])
    state, soh, days, cycles, plain = np.zeros(5), 1.0, 0.0, 0.0, []
    state[kernels.BREAK_IN] = 1e-10 if model == kernels.SONY else 0.0
    n_steps = 0
    while len(plain) < 3:
        stress = table[0, n_steps % ENDS.size]
        kernels.segment_step(model, stress, soh, 1.1, row, state)
        days, cycles = days + stress[0], cycles + stress[1] * soh
        soh, n_steps = 1.0 - state[:3].sum(), n_steps + 1
        if days / 365.0 > len(plain) + 1:
            plain.append((soh, 1.0 + state[kernels.RESISTANCE], cycles))
    if model == kernels.PRISMATIC:
        table[0, :, 6] = table[0, :, 4] ** (1.0 / 0.526)
    years = np.zeros((4, 3))
    assert life(table, np.ones(1, dtype=np.int64), row, 1.1, years) == (n_steps, -1)
    assert years[1:] == pytest.approx(np.array(plain), rel=1e-11)


@pytest.mark.parametrize(("model", "row", "life"), MODELS)
def test_with_kept_throughput_a_fine_table_is_near_and_asks_for_its_nodes(model, row, life):
    table, ready = np.zeros((257, ENDS.size, 9)), np.zeros(257, dtype=np.int64)
    years, exact = np.zeros((4, 3)), np.zeros((4, 3))
    assert life(table, ready, row, 1.0, years) == (0, 255)
    for node in range(200, 257):
        stress_rows(model, TIME_S, SOC, TEMPERATURE_C, ENDS, 256.0 / node, row, table[node])
    if model == kernels.PRISMATIC:
        table[:, :, 6] = table[:, :, 4] ** (1.0 / 0.526)
    ready[200:] = 1
    n_steps, missing = life(table, ready, row, 1.0, years)
    assert (walk_life(model, TIME_S, SOC, TEMPERATURE_C, ENDS, row, 1.0, exact), -1) == (n_steps, missing)
    assert years[1:] == pytest.approx(exact[1:], abs=1e-4, rel=1e-4)
