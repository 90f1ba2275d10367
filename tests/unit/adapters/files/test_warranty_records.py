"""Records of a site from files: in blocks, with the row of what cannot be."""

import numpy as np
import polars as pl
import pytest

from battuta.adapters.files import warranty_records
from battuta.adapters.files.warranty_records import record_blocks
from battuta.domain.errors import BattutaError

HEAD = "time,soc,temperature_c,power_kw\n"


def blocks(path, text):
    path.write_text(text, encoding="utf-8")
    return list(record_blocks(path, installed_mwh=1.0))


def test_missing_values_stay_missing_and_other_columns_are_not_looked_at(tmp_path):
    text = " time ,soc,temperature_c,power_kw,note\n2027-01-01T01:00+01:00,,25,-1.5,x\n2027-01-01T00:01Z,0.5,,2,\n"
    (block,) = blocks(tmp_path / "log.csv", text)
    assert block.time_ns.tolist() == [1798761600000000000, 1798761660000000000]
    assert np.isnan(block.soc[0])
    assert np.isnan(block.temperature_c[1])
    assert block.power_kw.tolist() == [-1.5, 2.0]
    assert not block.is_synthetic


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2027-01-01T00:00Z,85,25,1", "row 2, column soc: 85 cannot be, from -0.1 to 1.1 can; write fractions"),
        ("2027-01-01T00:00Z,0.5,298,1", "column temperature_c: 298 cannot be"),
        ("2027-01-01T00:00Z,0.5,25,90000", "column power_kw: 90000 cannot be, from -20000 to 20000 can; write kW"),
        ("2027-01-01T00:00Z,0.5,25,inf", "column power_kw: inf cannot be"),
        ("2027-01-01T00:00Z,half,25,1", "row 2, column soc: 'half' is no number"),
        ("2027-01-01T00:00,0.5,25,1", "offset"),
        ("yesterday,0.5,25,1", "'yesterday' is no time"),
    ],
)
def test_what_cannot_be_is_named_with_its_row(tmp_path, row, said):
    with pytest.raises(BattutaError, match=said):
        blocks(tmp_path / "log.csv", f"{HEAD}{row}\n")


def test_rows_are_counted_over_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(warranty_records, "BLOCK_ROWS", 7)
    time = pl.Series("time", [f"2027-01-01T00:{minute:02d}Z" for minute in range(40)])
    soc = [0.5] * 39 + [9.0]
    frame = pl.DataFrame({"time": time, "soc": soc, "temperature_c": [25.0] * 40, "power_kw": [1.0] * 40})
    frame[:39].write_csv(tmp_path / "good.csv")
    found = list(record_blocks(tmp_path / "good.csv", installed_mwh=1.0))
    assert np.all(np.diff(np.concatenate([each.time_ns for each in found])) == 60 * 10**9)
    frame.write_csv(tmp_path / "bad.csv")
    with pytest.raises(BattutaError, match="row 41, column soc: 9 cannot be"):
        list(record_blocks(tmp_path / "bad.csv", installed_mwh=1.0))


def test_what_is_no_record_is_refused(tmp_path):
    with pytest.raises(BattutaError, match="neither a file nor a folder"):
        list(record_blocks(tmp_path / "none.csv", installed_mwh=1.0))
    with pytest.raises(BattutaError, match="neither a file nor a folder"):
        list(record_blocks(tmp_path, installed_mwh=1.0))
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(BattutaError, match="neither a file nor a folder"):
        list(record_blocks(tmp_path, installed_mwh=1.0))
    with pytest.raises(BattutaError, match="needs one column each of time, soc"):
        blocks(tmp_path / "log.csv", "time,soc,soc ,power_kw\n")
    with pytest.raises(BattutaError, match="a header and no rows"):
        blocks(tmp_path / "log.csv", HEAD)
    (tmp_path / "log.parquet").write_bytes(b"no parquet")
    with pytest.raises(BattutaError, match=r"log.parquet cannot be read"):
        list(record_blocks(tmp_path / "log.parquet", installed_mwh=1.0))
