"""Recorded frequency from files."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from battuta.adapters.devices.simulated.in_process import SimulatedSites
from battuta.adapters.devices.simulated.recordings import read_recording, recorded_grid
from battuta.domain.errors import DataError
from battuta.domain.time import NS_PER_S

START_NS = 1_767_225_600 * NS_PER_S
FIRST = datetime(2025, 4, 28, 9, tzinfo=UTC)


def written(folder, name: str, columns: dict):
    path, table = folder / name, pl.DataFrame(columns)
    table.write_parquet(path) if path.suffix == ".parquet" else table.write_csv(path)
    return path


@pytest.mark.parametrize("name", ["frequency.csv", "frequency.parquet"])
def test_instants_and_hertz(tmp_path, name) -> None:
    times = [FIRST + timedelta(seconds=0.5 * k) for k in range(4)]
    path = written(tmp_path, name, {"time": times, "frequency_hz": [50.0, 49.99, None, 50.01]})
    recorded = read_recording(path)
    assert (recorded.step_s, recorded.nominal_hz, recorded.duration_s) == (0.5, 50.0, 2.0)
    np.testing.assert_array_equal(recorded.at(np.array([0.0, 0.5, 1.0, 1.5])), [50.0, 49.99, np.nan, 50.01])


def test_seconds_and_the_short_name_at_sixty_hertz(tmp_path) -> None:
    path = written(tmp_path, "f.csv", {"time": [30.0, 31.0], "f": [60.01, 59.98]})
    recorded = read_recording(path)
    assert recorded.nominal_hz == 60.0
    assert recorded.at(np.array([1.0])).tolist() == [59.98]


def test_it_is_the_grid_of_simulated_sites(tmp_path) -> None:
    path = written(tmp_path, "f.csv", {"time": list(range(5)), "f": [50.0, 49.9, 49.8, 49.7, 49.6]})
    sites = SimulatedSites(1, 2, START_NS, n_cells=4, grid=recorded_grid(path, START_NS))
    seen_hz = []
    for _ in range(7):
        seen_hz.append(sites.frequency_hz().mean())
        sites.advance(np.zeros((2, 20)), np.zeros(2), np.zeros(2, dtype=np.bool_))
    np.testing.assert_allclose(seen_hz, [50.0, 49.9, 49.8, 49.7, 49.6, 50.0, 49.9], atol=5e-4)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"time": [0, 1], "hertz": [50.0, 50.0]}, "has the columns time and frequency_hz"),
        ({"frequency_hz": [50.0, 50.0]}, "has the columns time and frequency_hz"),
        ({"time": [0, 1], "f": [1.0, 0.999]}, "about neither 50 nor 60 Hz"),
        ({"time": [0, 1], "f": ["fast", "slow"]}, "not numbers"),
        ({"time": ["noon", "one"], "f": [50.0, 50.0]}, "neither instants"),
        ({"time": [0, None, 2], "f": [50.0, 50.0, 50.0]}, "row 3 of the column time is empty"),
        ({"time": [1, 0], "f": [50.0, 50.0]}, r"f\.csv, row 3: its time, -1 s, does not come after .* sort by time"),
        ({"time": [5, 6, 6], "f": [50.0] * 3}, r"f\.csv, row 4: its time, 1 s, does not .* keep one sample of each"),
        ({"time": [0], "f": [50.0]}, r"f\.csv: a recording needs two samples or more, to know its pace; this has 1"),
        ({"time": [], "f": []}, r"f\.csv: a recording needs two rows or more, to know its pace; this has none"),
        ({"time": [0.0, 1.0, np.inf], "f": [50.0] * 3}, r"f\.csv, row 4: the time is inf, no instant"),
        ({"time": [-np.inf, 1.0, 2.0], "f": [50.0] * 3}, r"f\.csv, row 2: the time is -inf, no instant"),
        ({"time": [0.0, np.nan, 2.0], "f": [50.0] * 3}, r"f\.csv, row 3: the time is nan, no instant"),
        ({"time": [-1e308, 0.0, 1e308], "f": [50.0] * 3}, r"f\.csv, row 4: the time is inf, no instant"),
        ({"time": [0, 1, 2], "f": [50.0, 1e9, 50.0]}, r"f\.csv, row 3: 1e\+09 Hz is more .* write .* empty field"),
        ({"time": [0, 1, 2], "f": [60.0, 60.0, -1e300]}, r"row 4: -1e\+300 Hz .* from the nominal 60 Hz"),
        ({"time": [0, 1, 2], "f": [60.0, np.inf, 60.0]}, r"row 3: inf Hz .* from the nominal 60 Hz"),
    ],
)
def test_what_cannot_be_played_is_refused(tmp_path, columns, told) -> None:
    with pytest.raises(DataError, match=told):
        read_recording(written(tmp_path, "f.csv", columns))


def test_a_file_that_is_not_there_or_of_another_kind_is_named(tmp_path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        read_recording(tmp_path / "none.csv")
    with pytest.raises(DataError, match="is a folder; name one"):
        read_recording(tmp_path)
    (tmp_path / "f.txt").write_text("50.0")
    with pytest.raises(DataError, match=r"\.csv or \.parquet"):
        read_recording(tmp_path / "f.txt")
    (tmp_path / "f.parquet").write_text("50.0")
    with pytest.raises(DataError, match="cannot be read as parquet"):
        read_recording(tmp_path / "f.parquet")
