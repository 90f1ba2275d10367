"""The table of a site's warranty."""

from dataclasses import replace
from datetime import date

from battuta.app.warranty_watch import WarrantyQuestion, watched_warranty
from battuta.interfaces.cli.warranty_words import print_watched
from unit.app.warranty_case import records


def test_breaches_and_records_left_out_are_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "200")
    table = records(2 * 1440, power_kw=4000.0)
    table[[*range(100), 99, 50, *range(100, 2880)]].write_parquet(tmp_path / "log.parquet")
    found = watched_warranty(
        WarrantyQuestion(
            terms="assumed_314ah", telemetry=tmp_path / "log.parquet", start=date(2027, 1, 1), installed_mwh=5.0
        )
    )
    print_watched(found)
    said = capsys.readouterr().out
    assert "- 1 record repeated, left out" in said
    assert "- 1 record earlier than one that was taken in before" in said
    row = next(line for line in said.splitlines() if "discharging rate" in line).split()
    assert row[2:] == ["owner", "0.6", "1/h", "-0.2", "2027-01-01", "00:04"]
    assert "first breach: 2027-01-01 00:04 UTC" in said
    print_watched(replace(found, is_synthetic=False))
    assert "SYNTHETIC" not in capsys.readouterr().out


def test_a_record_of_another_time_says_nothing_of_the_site(tmp_path, capsys):
    records(10).write_parquet(tmp_path / "log.parquet")
    for start in (date(2028, 1, 1), date(2000, 1, 1)):
        asked = WarrantyQuestion(
            terms="assumed_314ah", telemetry=tmp_path / "log.parquet", start=start, installed_mwh=5.0
        )
        print_watched(watched_warranty(asked))
        said = capsys.readouterr().out
        assert ("no record counts: this says nothing of the site" in said) == (start.year == 2028)
