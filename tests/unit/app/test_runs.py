"""The folder of a run is new, whatever is there already."""

import pytest

from battuta.app.runs import run_folder
from battuta.domain.errors import DataError


def test_each_run_has_a_folder_of_its_own(tmp_path):
    folders = [run_folder(tmp_path, 7) for _ in range(3)]
    assert len(set(folders)) == 3
    assert all(folder.is_dir() and "-7" in folder.name for folder in folders)


def test_a_place_that_is_a_file_is_refused(tmp_path):
    place = tmp_path / "taken"
    place.write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match="--runs-dir"):
        run_folder(place, 1)
