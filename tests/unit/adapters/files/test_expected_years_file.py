import polars as pl
import pytest

from battuta.adapters.files.expected_years_file import read_expected_years
from battuta.domain.errors import DataError, InvalidQuantityError

HEAD = "year,energy_price_factor,spread_factor\n"


def written(folder, text):
    path = folder / "expected.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_is_a_year_in_any_order(tmp_path):
    found = read_expected_years(written(tmp_path, HEAD + "2028,0.9,0.8\n2027,1,1.1\n"))
    assert [(each.year, each.energy_price_factor, each.spread_factor) for each in found] == [
        (2027, 1.0, 1.1),
        (2028, 0.9, 0.8),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("year,spread_factor\n2027,1\n", DataError, "lacks energy_price_factor"),
        (HEAD + "2027,1,\n", DataError, "row 2 holds"),
        (HEAD + "2027.5,1,1\n", DataError, "row 2 holds"),
        (HEAD + "2027,1,1\n2027,1,1\n", DataError, "2027 stands there twice"),
        (HEAD + "2027,1,-0.5\n", InvalidQuantityError, "spread_factor = -0.5"),
    ],
)
def test_nothing_is_filled_or_guessed(tmp_path, text, kind, said):
    with pytest.raises(kind, match=said):
        read_expected_years(written(tmp_path, text))


def test_columns_of_lists_are_refused_by_name(tmp_path):
    path = tmp_path / "expected.parquet"
    pl.DataFrame({"year": [[2027]], "energy_price_factor": [1.0], "spread_factor": [1.0]}).write_parquet(path)
    with pytest.raises(DataError, match=r"column year: it holds List\(Int64\), not numbers"):
        read_expected_years(path)
