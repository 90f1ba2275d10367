"""The compiled loop of execution, step by step."""

import numpy as np
import pytest

from battuta.trading.execution_kernels import execute

NONE = np.empty((0, 2))


def run(
    request_kw, *, start=0.0, retention=1.0, charge=((1000.0, 0.9),), taper=NONE, ramp_kw=np.inf, budget_kwh=np.inf
):
    n = len(request_kw)
    bounds = np.full(n, -1000.0), np.full(n, 1000.0), np.zeros(n), np.full(n, 1000.0)
    pieces = np.array(charge)
    return execute(
        np.array(request_kw), 1.0, *bounds, start, retention, pieces, np.array([[1000.0, 0.9]]),
        taper, NONE, ramp_kw, 0.0, budget_kwh,
    )  # fmt: skip


def test_charge_then_more_than_there_is():
    power, energy = run([-1000.0, 1000.0])
    assert power.tolist() == pytest.approx([-1000.0, 810.0])
    assert energy.tolist() == pytest.approx([900.0, 0.0], abs=1e-9)


def test_energy_is_lost_before_the_step_and_idling_keeps_the_rest():
    _, energy = run([0.0, 0.0], start=800.0, retention=0.5)
    assert energy.tolist() == [400.0, 200.0]


def test_pieces_are_used_in_order_until_the_room_ends():
    power, energy = run([-1000.0, -1000.0], charge=((400.0, 0.5), (600.0, 1.0)))
    assert power.tolist() == pytest.approx([-1000.0, -400.0])
    assert energy.tolist() == pytest.approx([800.0, 1000.0])


def test_taper_and_ramp():
    taper = np.array([[0.0, 300.0], [1000.0, 0.0]])
    assert run([-1000.0], start=500.0, taper=taper)[0].tolist() == pytest.approx([-150.0])
    assert run([-1000.0, 0.0], ramp_kw=200.0)[0].tolist() == pytest.approx([-200.0, 0.0])


def test_a_budget_of_discharge_is_not_overdrawn():
    power, _ = run([500.0, 500.0, -100.0], start=1000.0, budget_kwh=700.0)
    assert power.tolist() == pytest.approx([500.0, 200.0, -100.0])
