"""The report of a scan: everything that was found and everything that was not, in one small file."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from battuta.interfaces.reports import health_report
from battuta.interfaces.reports.health_report import write_health_report
from battuta.studies.fleet_scan import FleetScan
from unit.health.recorded_lives import LEAKING, N_CELLS, scanned


def written(scan: FleetScan, folder: Path) -> str:
    path = write_health_report(
        scan,
        folder / "scan.html",
        telemetry="<b>site</b>",
        cell="lfp_314ah",
        created_at=datetime(2026, 6, 1, tzinfo=UTC),
    )
    return path.read_text(encoding="utf-8")


def test_a_report_says_what_was_found_where_and_why(tmp_path: Path) -> None:
    text = written(scanned(), tmp_path)
    assert f"<h1>Health of {2 * N_CELLS} cells in 2 strings</h1>" in text
    assert "&lt;b&gt;site&lt;/b&gt;" in text
    for heading in ("What was found", "The fleet", "Each string", "Evidence", "What was not seen"):
        assert f"<h2>{heading}</h2>" in text
    assert text.count("<article") == 1
    assert f"1, cell {LEAKING}: micro short" in text
    assert "No flaw was seen." in text
    assert "SYNTHETIC" not in text
    assert len(text) < 200_000


def test_every_link_leads_somewhere_on_the_page(tmp_path: Path) -> None:
    text = written(scanned(), tmp_path)
    targets = set(re.findall(r'href="#([^"]+)"', text))
    assert targets
    assert targets <= set(re.findall(r' id="([^"]+)"', text))
    assert not re.findall(r'href="[^#]', text)


def test_invented_telemetry_is_labelled(tmp_path: Path) -> None:
    named = tuple(replace(each, string_id=f"synthetic-{each.string_id}") for each in scanned().strings)
    assert "SYNTHETIC" in written(FleetScan(strings=tuple(replace(each, findings=()) for each in named)), tmp_path)


def test_a_scan_without_findings_or_rows_is_a_report_too(tmp_path: Path) -> None:
    quiet = scanned().strings[0]
    assert "No cell stands apart" in written(FleetScan(strings=(quiet,)), tmp_path)
    short = written(FleetScan(strings=(replace(quiet, n_days=3),)), tmp_path)
    assert "Nothing was judged yet" in short
    assert "No cell stands apart" not in short
    assert "3 days that count; tests speak from day 17 on" in short
    nothing = written(FleetScan(strings=(replace(quiet, record=None),)), tmp_path)
    assert "no row was read" in nothing
    assert "No row was read in this run: 0" in nothing


def test_what_is_too_much_is_left_out_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leaking = scanned().strings[1]
    other = replace(leaking.findings[0], cell=3)
    scan = FleetScan(strings=(scanned().strings[0], replace(leaking, findings=(*leaking.findings, other))))
    monkeypatch.setattr(health_report, "CARDS_MAX", 1)
    monkeypatch.setattr(health_report, "MAPS_MAX", 1)
    text = written(scan, tmp_path)
    assert text.count("<article") == 1
    assert set(re.findall(r'href="#([^"]+)"', text)) == {"case-1"}
    assert "The gravest 1 of 2 cells are shown." in text
    assert "Left out to keep the file small: 1 more string, none graver" in text
    assert text.count('class="map"') == 2
    assert "1: 32 cells" in text
