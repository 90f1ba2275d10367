"""A folder of telemetry is opened and scanned; what makes no sense is refused first."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from battuta.adapters.telemetry.parquet import write_block
from battuta.app.health_scan import open_stated, open_telemetry, scan_health, scan_with_state
from battuta.domain.errors import UsageError
from battuta.ports.telemetry import TelemetrySource
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    life = StringLife(FleetPlan(seed=6, n_strings=1, n_cells=16), 0)
    for _ in range(3):
        write_block(life.block(1), tmp_path)
    return tmp_path


def test_a_folder_is_scanned(folder: Path) -> None:
    timed = scan_health(open_telemetry(folder))
    assert (timed.scan.n_cells, timed.scan.strings[0].n_days) == (16, 3)
    assert 0 < timed.scan.n_samples <= 16 * 3 * 1440
    assert timed.seconds > 0.0


@pytest.mark.parametrize("capacity_ah", [0.0, -3.0, float("nan"), 1e9])
def test_a_capacity_that_is_none_is_refused(folder: Path, capacity_ah: float) -> None:
    with pytest.raises(UsageError, match="is none"):
        scan_health(open_telemetry(folder), capacity_ah=capacity_ah)


def test_a_state_goes_on_and_a_scan_that_fails_leaves_it(folder: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.npz"

    def opened(seen_ns: Mapping[str, int]) -> TelemetrySource:
        return open_stated(folder, seen_ns=seen_ns).source

    first = scan_with_state(opened, state)
    again = scan_with_state(opened, state)
    assert first.scan.n_samples == again.scan.n_samples == scan_health(open_telemetry(folder)).scan.n_samples
    kept = state.read_bytes()

    def broken(_: Mapping[str, int]) -> TelemetrySource:
        message = "gone"
        raise UsageError(message)

    with pytest.raises(UsageError, match="gone"):
        scan_with_state(broken, state)
    assert state.read_bytes() == kept
