"""Points of a table are read by the names of their columns; what is missing is named with its row."""

import pytest

from battuta.adapters.files.ageing_table_file import read_ageing_table
from battuta.domain.ageing_table import AgeingTable
from battuta.domain.errors import DataError

NAMED = AgeingTable(name="maker", path="points.csv", rate_deviation_share=0.1)


def test_points_of_a_file_are_those_of_the_lists(tmp_path):
    (tmp_path / "points.csv").write_text("full_cycles,soh_capacity,depth,said\n1000,0.9,0.8,x\n2000,0.8,0.8,y\n")
    read = read_ageing_table(NAMED, tmp_path)
    assert read == AgeingTable(
        name="maker",
        full_cycles=(1000.0, 2000.0),
        soh_capacity=(0.9, 0.8),
        depth=(0.8, 0.8),
        rate_deviation_share=0.1,
    )
    assert read_ageing_table(read, tmp_path) is read


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("years,soh\n1,0.9\n", "no column of health; name one of them soh_capacity"),
        ("years,full_cycles,soh_capacity\n1,1,0.9\n", "2 columns of ages; keep one"),
        ("years,soh_capacity\n1,0.9\n2,\n", "maker: points.csv, row 3, column soh_capacity: no number"),
        ("years,soh_capacity\n1,ninety\n", "'ninety' is no number"),
    ],
)
def test_what_is_no_table_is_told_with_its_place(tmp_path, text, says):
    (tmp_path / "points.csv").write_text(text)
    with pytest.raises(DataError, match=says):
        read_ageing_table(NAMED, tmp_path)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DataError, match="is no file"):
        read_ageing_table(NAMED, tmp_path)
