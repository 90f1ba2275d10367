"""What happened, as tables: a row per step and site, and a row per alarm."""

from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from battuta.app.run_trace import Trace
from battuta.domain.command import N_OWNERS, Owner, Reason
from battuta.interfaces.python.trace_tables import alarm_frame, reason_text, trace_frame
from battuta.services.conductor_events import Alarm

START_NS = 1_767_225_600 * 10**9


@pytest.fixture
def trace():
    """Two steps of two sites; the second site never spoke."""
    values = np.array([[1.0, np.nan], [2.0, np.nan]], dtype=np.float32)
    return Trace(
        time_ns=START_NS + np.array([0, 60]) * 10**9,
        step_s=60,
        price_per_mwh=np.array([40.0, np.nan]),
        frequency_hz_min=np.array([49.9, 49.8]),
        frequency_hz_max=np.array([50.0, 50.1]),
        owner_s=np.zeros((2, N_OWNERS), dtype=np.int64),
        power_kw=values,
        meter_power_kw=-values,
        soc=values / 10,
        chiller_setpoint_c=values + 20,
        ambient_temperature_c=values + 5,
        cell_temperature_c_min=values + 10,
        cell_temperature_c_max=values + 30,
        owner=np.array([[Owner.MARKET, Owner.SAFETY], [Owner.PEAK_SHAVING, -1]], dtype=np.int8),
        reason=np.array([[Reason.MARKET, Reason.NONE], [Reason.MARKET | Reason.RAMP, 0]], dtype=np.int32),
        energy_out_kwh=np.zeros(2),
        import_kw_max=np.zeros(2),
    )


def test_a_row_is_a_step_of_a_site(trace):
    frame = trace_frame(trace)
    assert frame["site"].to_list() == [0, 1, 0, 1]
    assert frame["time"].dt.second().to_list() == [0, 0, 0, 0]
    assert frame["time"].dt.minute().to_list() == [0, 0, 1, 1]
    assert frame.row(2, named=True) | {"time": None} == {
        "time": None, "site": 0, "step_s": 60, "price_per_mwh": None, "frequency_hz_min": 49.8,
        "frequency_hz_max": 50.1, "power_kw": 2.0, "meter_power_kw": -2.0, "soc": pytest.approx(0.2),
        "cell_temperature_c_min": 12.0, "cell_temperature_c_max": 32.0, "chiller_setpoint_c": 22.0,
        "ambient_temperature_c": 7.0, "owner": "peak shaving", "reasons": "market, ramp", "is_synthetic": True,
    }  # fmt: skip


def test_what_is_missing_is_null(trace):
    frame = trace_frame(trace).filter(pl.col("site") == 1)
    assert frame["power_kw"].to_list() == [None, None]
    assert frame["owner"].to_list() == ["safety", None]
    assert frame["reasons"].to_list() == ["", ""]


def test_it_comes_back_from_a_file_as_it_was(trace, tmp_path):
    frame = trace_frame(trace)
    frame.write_parquet(tmp_path / "trace.parquet")
    assert pl.read_parquet(tmp_path / "trace.parquet").equals(frame)


def test_alarms_are_rows():
    result = SimpleNamespace(alarms=((START_NS, Alarm(site=3, cause="GAS", calls_out=True)),))
    assert alarm_frame(result).drop("time").rows() == [(3, "GAS", True, True)]
    assert alarm_frame(result)["time"].dt.to_string("iso").to_list() == ["2026-01-01 00:00:00.000000000+00:00"]
    assert alarm_frame(SimpleNamespace(alarms=())).height == 0


def test_reasons_are_words():
    assert reason_text(Reason.NONE) == ""
    assert reason_text(Reason.SOC_WINDOW | Reason.MANDATE) == "soc window, mandate"
