"""An example is written once, into a folder of its own."""

from pathlib import Path

import pytest

from battuta.app.health_example import write_example
from battuta.app.health_scan import open_telemetry
from battuta.domain.errors import DataError


def test_an_example_can_be_opened(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    n_files = write_example(
        tmp_path / "new", n_strings=2, n_cells=16, n_days=2, progress=lambda *each: told.append(each)
    )
    assert n_files == 4
    assert open_telemetry(tmp_path / "new").strings() == ("synthetic-000", "synthetic-001")
    assert told == [("strings", 1, 2), ("strings", 2, 2)]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(DataError, match="is not empty"):
        write_example(tmp_path, n_strings=1, n_cells=16, n_days=1)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]
