"""A canonical file is written whole, reads back as it was, and keeps the mark of synthetic prices."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from battuta.adapters.markets.files.reader import read_prices
from battuta.adapters.markets.files.writer import canonical_frame, require_ending, write_prices
from battuta.adapters.markets.simulated import simulated_prices
from battuta.domain.errors import ClockError, DataError, UsageError
from battuta.domain.time import ClockKind


@pytest.fixture
def series():
    return simulated_prices(1, date(2026, 3, 28), 3)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_series_reads_back_as_it_was(series, ending, tmp_path):
    path = tmp_path / f"p.{ending}"
    write_prices(series, path)
    again = read_prices(path, zone=series.zone).series
    assert np.array_equal(again.time_ns, series.time_ns)
    assert np.array_equal(again.price_per_mwh, series.price_per_mwh)
    assert all(np.array_equal(again.values(name), column.values) for name, column in series.columns.items())
    assert again.is_synthetic
    assert again.source == f"p.{ending} (synthetic)"


def test_only_synthetic_prices_are_marked(series):
    assert canonical_frame(series)["is_synthetic"].all()
    assert "is_synthetic" not in canonical_frame(replace(series, is_synthetic=False)).columns


def test_what_cannot_be_written_is_refused(series, tmp_path):
    with pytest.raises(ClockError, match="local_24h"):
        write_prices(replace(series, clock=ClockKind.LOCAL_24H), tmp_path / "p.csv")
    with pytest.raises(UsageError, match="must end in"):
        require_ending(tmp_path / "p.txt")
    (tmp_path / "folder.csv").mkdir()
    for path in (tmp_path / "none" / "p.csv", tmp_path / "folder.csv"):
        with pytest.raises(DataError, match="cannot be written"):
            write_prices(series, path)
    assert list(tmp_path.glob(".part-*")) == []
