"""One site at its interconnection point; the Toledo recording ends in absorption."""

import numpy as np
import pyarrow.parquet as pq
import pytest

from battuta.domain import catalogue
from battuta.domain.errors import DataError, InvalidQuantityError, UsageError
from battuta.physics.grid_connection import (
    GridConnection,
    ReactiveLaw,
    ReactiveMode,
    power_window_kw,
    reactive_power_pu,
    volt_var_law,
)


def test_limits_are_net_of_everything_else():
    site = GridConnection(
        apparent_power_kva=1000.0, import_power_kw_max=300.0, export_power_kw_max=500.0, transformer_kva=1000.0
    )
    assert power_window_kw(site, other_kw=-100.0) == (-200.0, 600.0)
    unlimited = GridConnection(apparent_power_kva=1000.0, transformer_kva=1000.0, load_loss_pu=0.01)
    assert power_window_kw(unlimited, other_kw=0.0) == (-1000.0, 1000.0)


def test_toledo_ends_in_absorption(data_dir):
    """The voltage rises by 4 % in 38 s; then frequency falls, and with it the line."""
    table = pq.read_table(data_dir / "frequency" / "es_toledo_2025-04-28_2s.parquet").to_pydict()
    voltage_v = np.array(table["AnalyzerL1PhaseVoltage"], dtype=float)
    start, peak, dead = (table["time"].index(f"28-Apr-2025 12:{at}") for at in ("32:40", "33:18", "33:24"))
    voltage_pu = voltage_v / np.nanmedian(voltage_v[: start // 2])
    assert voltage_pu[peak] / voltage_pu[start] == pytest.approx(1.04, abs=0.001)
    law = volt_var_law("ieee_1547_b_like")
    q_pu = reactive_power_pu(voltage_pu, np.full(len(voltage_pu), 0.5), 2.0, law)
    assert np.all(np.isfinite(q_pu))
    assert q_pu[peak] < -0.1
    assert q_pu[peak] < q_pu[start] - 0.1
    assert np.corrcoef(voltage_pu[start : peak + 1], q_pu[start : peak + 1])[0, 1] < -0.9
    assert np.all(q_pu[dead + 1 :] == 0.0)


def test_values_that_cannot_be(monkeypatch):
    with pytest.raises(InvalidQuantityError, match="load_loss_pu"):
        GridConnection(apparent_power_kva=1.0, transformer_kva=1.0, load_loss_pu=0.9)
    with pytest.raises(UsageError, match="never rise"):
        ReactiveLaw(mode=ReactiveMode.Q_OF_V, curve_v_pu=(0.9, 1.1), curve_q_pu=(-0.4, 0.4))
    with pytest.raises(InvalidQuantityError, match="power_factor"):
        ReactiveLaw(mode=ReactiveMode.FIXED_FACTOR, power_factor=0.0)
    monkeypatch.setattr(catalogue, "table", lambda *_: {"curve_v_pu": [0.9, "x"]})
    with pytest.raises(DataError, match="curve_v_pu must be"):
        volt_var_law("x")
    monkeypatch.setattr(catalogue, "table", lambda *_: {"curve_v_pu": [0.9, 1.1], "curve_q_pu": [0.4, -0.4]})
    with pytest.raises(DataError, match="response_s"):
        volt_var_law("x")
