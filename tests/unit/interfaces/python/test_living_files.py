"""The folder of a run: what is written into it, and from when on there is a report."""

import json
import math
from dataclasses import replace

import pytest

from battuta.app.living_request import RunRequest
from battuta.app.living_result import finish
from battuta.app.living_run import LivingRun
from battuta.app.living_setup import living_site
from battuta.app.lockstep import live_in_lockstep
from battuta.app.prices import synthetic_prices
from battuta.interfaces.python.living_files import REPORT_S_MIN, keep_run, write_report
from battuta.interfaces.reports.living_record import LivingRecord


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    request = RunRequest(n_sites=1, duration_s=30, has_journal=False)
    run = LivingRun(request, synthetic_prices(1, 60), living_site(), tmp_path_factory.mktemp("runs"))
    live_in_lockstep(run, math.inf, lambda _: None)
    return LivingRecord.of(run, finish(run))


def names(folder) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_run_leaves_summary_deliveries_and_trace(lived, tmp_path) -> None:
    told = keep_run(lived, tmp_path)
    assert names(tmp_path) == ["deliveries.csv", "summary.json", "trace.parquet"]
    assert json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))["net"] == told["net"]


@pytest.mark.parametrize(("simulated_s", "has_report"), [(REPORT_S_MIN - 1, False), (REPORT_S_MIN, True)])
def test_a_report_needs_ten_minutes(lived, tmp_path, simulated_s, has_report) -> None:
    keep_run(replace(lived, result=replace(lived.result, simulated_s=simulated_s)), tmp_path)
    assert ("report.html" in names(tmp_path)) == has_report


@pytest.mark.parametrize("root", ["", "abc"])
def test_a_report_names_the_replay_where_there_is_a_journal(lived, tmp_path, root) -> None:
    record = replace(lived, result=replace(lived.result, journal_root=root))
    text = write_report(record, tmp_path / "run", tmp_path / "report.html").read_text(encoding="utf-8")
    assert (f"battuta replay {tmp_path / 'run'}" in text) == bool(root)
