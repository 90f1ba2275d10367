"""Every reader of telemetry keeps the promises of the port, on files made here; and the suite can fail."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from battuta.adapters.telemetry.battgp import BattGpTelemetry
from battuta.adapters.telemetry.in_memory import BlocksInMemory
from battuta.adapters.telemetry.parquet import ParquetTelemetry, write_block
from battuta.adapters.telemetry.pylontech import PylontechTelemetry
from battuta.adapters.telemetry.wide_csv import WideCsvTelemetry
from battuta.adapters.telemetry.wide_layout import WideLayout
from battuta.domain.telemetry import Block
from battuta.ports.telemetry import TelemetrySource
from conformance.telemetry_source import CHECKS, Truth, values_signs_and_units_are_ours
from unit.adapters.telemetry.strings import make_block

N_CELLS, N_SENSORS = 8, 4


def truth_of(*names: str) -> Truth:
    """Two days of synthetic strings, with holes."""
    truth = {
        name: [
            make_block(name, day=day, n_times=90, n_cells=N_CELLS, n_sensors=N_SENSORS, bleed=False, seed=seed)
            for day in (0, 1)
        ]
        for seed, name in enumerate(names)
    }
    for blocks in truth.values():
        blocks[0].voltage_v[5:8, 3] = np.nan
    return truth


def write_csv(path: Path, blocks: list[Block], names: tuple[str, str, str], scale: float) -> None:
    """Cells, temperatures and a current that is positive in charge."""
    cell, sensor, current = names
    frames = []
    for block in blocks:
        columns = {"time": block.time_ns.astype("datetime64[ns]").astype("datetime64[ms]")}
        columns |= {cell.format(n=n + 1): scale * block.voltage_v[:, n] for n in range(N_CELLS)}
        columns |= {sensor.format(n=n + 1): scale * block.temperature_c[:, n] for n in range(N_SENSORS)}
        frames.append(pl.DataFrame(columns | {current: -scale * block.current_a}, nan_to_null=True))
    pl.concat(frames).write_csv(path)


def parquet(folder: Path) -> tuple[TelemetrySource, Truth]:
    truth = truth_of("a", "b/1")
    for blocks in truth.values():
        for block in blocks:
            write_block(block, folder)
    return ParquetTelemetry(folder), truth


def in_memory(_: Path) -> tuple[TelemetrySource, Truth]:
    truth = truth_of("a", "b/1")
    return BlocksInMemory(block for blocks in truth.values() for block in reversed(blocks)), truth


def one_parquet_file(folder: Path) -> tuple[TelemetrySource, Truth]:
    _, truth = parquet(folder / "parts")
    pl.read_parquet(folder / "parts" / "*" / "*.parquet").write_parquet(folder / "all.parquet")
    return ParquetTelemetry(folder / "all.parquet"), truth


def wide_csv(folder: Path) -> tuple[TelemetrySource, Truth]:
    truth = truth_of("a", "b")
    for name, blocks in truth.items():
        write_csv(folder / f"{name}.csv", blocks, ("cell_{n:02}_v", "temp_{n}", "i"), 1.0)
    layout = WideLayout(
        time="time",
        clock="utc",
        voltage="cell_{n}_v",
        voltage_unit="V",
        current="i",
        current_unit="A",
        current_sign="charge_positive",
        temperature="temp_{n}",
        temperature_unit="degC",
    )
    return WideCsvTelemetry(folder, layout), truth


def pylontech(folder: Path) -> tuple[TelemetrySource, Truth]:
    truth = truth_of("US")
    write_csv(folder / "US.csv", truth["US"], ("v{n}", "t{n}", "current"), 1000.0)
    return PylontechTelemetry(folder / "US.csv", units="console", clock="utc"), truth


def battgp(folder: Path) -> tuple[TelemetrySource, Truth]:
    truth = truth_of("14", "3")
    for name, blocks in truth.items():
        path = folder / f"data_sys_{name}.csv"
        write_csv(path, blocks, ("U_Cell_{n}", "Temperature_{n}", "I_Battery"), 1.0)
        frame = pl.read_csv(path, infer_schema=False)
        frame.with_columns(pl.lit("0.0").alias(f"I_CNV_Cell_{n}") for n in range(1, 9)).write_csv(path)
    return BattGpTelemetry(folder, clock="utc"), truth


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize(
    "make", [parquet, in_memory, one_parquet_file, wide_csv, pylontech, battgp], ids=lambda make: make.__name__
)
def test_it_conforms(tmp_path, make, check):
    check(*make(tmp_path))


def test_a_reader_that_does_not_turn_the_sign_fails(tmp_path):
    source, truth = parquet(tmp_path)
    for blocks in truth.values():
        blocks[0].current_a[:] *= -1.0
    with pytest.raises(AssertionError):
        values_signs_and_units_are_ours(source, truth)
