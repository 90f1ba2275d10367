"""A folder of telemetry is opened and scanned; what makes no sense is refused first."""

from pathlib import Path

import pytest

from battuta.adapters.telemetry.parquet import write_block
from battuta.app.health_scan import open_telemetry, scan_health
from battuta.domain.errors import UsageError
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
