"""A wear table from a study file to an asset that is scheduled with it."""

import pytest

from battuta.adapters.files.wear_table_file import read_wear_table
from battuta.app.life_studies import answer, read_study
from battuta.app.wear_tables import write_wear_table
from battuta.domain.errors import DataError
from unit.studies.life_case import example_file


def test_a_table_is_written_and_read_back(tmp_path):
    study = read_study(example_file(tmp_path, lives=3, years=2))
    result = answer(study, tmp_path, n_threads=1)
    table = write_wear_table(result, tmp_path / "wear.json", spread_per_mwh=60.0, n_threads=1)
    assert read_wear_table(tmp_path / "wear.json").study_hash == table.study_hash == result.study_hash
    with pytest.raises(DataError, match="cannot be written"):
        write_wear_table(result, tmp_path, spread_per_mwh=60.0, n_threads=1)
