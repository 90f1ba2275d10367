"""The report of a run: one file with its label, its money, its figures, its tables and the way to decide it again."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from battuta.app.living_result import Demand
from battuta.domain.errors import ClockError
from battuta.interfaces.reports.living_report import write_living_report

MADE = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOSTILE = """<img src=x onerror=alert(1)>"&'</script><script>alert(2)</script>"""


def page(record, tmp_path, **values):
    return write_living_report(record, tmp_path / "report.html", created_at=MADE, **values).read_text("utf-8")


def test_it_tells_what_came_of_a_run(living_record, tmp_path):
    text = page(living_record, tmp_path, replay="battuta replay runs/1")
    assert "<h1>Run of 3 simulated sites over 1.0 h</h1>" in text
    assert 'class="label" role="note">simulated sites; SYNTHETIC: ' in text
    assert re.findall(r'<figure id="(\w+)"', text) == ["power", "soc", "temperature", "frequency", "owners"]
    assert "The hottest reached 27.0 °C; no site went above 45 °C." in text
    assert "<code>battuta replay runs/1</code>" in text
    assert "ce_fcr, 1 of 3 sites" in text
    assert "mean charge at the end, not valued</dt><dd>7\u00a0%" in text
    assert "Made 2026-03-01 12:00 UTC" in text


def test_without_a_journal_it_says_so(living_record, tmp_path):
    text = page(living_record, tmp_path)
    assert "battuta replay" not in text
    assert "cannot be replayed" in text


def test_limits_faults_and_silence_are_told_where_they_are(make_living, tmp_path):
    demand = Demand(limit_kw=60.0, highest_kw=61.5, without_kw=99.0, sites_over=1, sites_over_without=2)
    record = make_living(demand=demand, unmetered_s=1_800.0, settled=None)
    record = replace(record, request=replace(record.request, demand_limit_kw=60.0, faults=("gas,site=1,size=5",)))
    text = page(record, tmp_path)
    for words in ("61.5", "99.0", "60 kW", "gas, site=1, size=5", "nobody knew the power</dt><dd>0.50"):
        assert words in text
    assert "settled" not in text


def test_hot_cells_are_counted_by_site(living_record, tmp_path):
    hot = living_record.trace.cell_temperature_c_max + np.float32(18.5)
    record = replace(living_record, trace=replace(living_record.trace, cell_temperature_c_max=hot))
    assert "The hottest reached 45.5 °C; one site went above 45 °C." in page(record, tmp_path)


def test_sites_that_never_spoke_have_a_report(living_record, tmp_path):
    nothing = np.full_like(living_record.trace.soc, np.nan)
    trace = replace(living_record.trace, soc=nothing, cell_temperature_c_max=nothing, power_kw=nothing)
    text = page(replace(living_record, trace=trace), tmp_path)
    assert "No cell temperature was measured." in text
    assert "no known charge" in text


def test_words_of_a_user_are_no_markup(make_living, tmp_path):
    text = page(make_living(source=HOSTILE), tmp_path, replay=HOSTILE)
    assert "<img" not in text
    assert "alert(2)</script>" not in text


def test_a_year_of_twenty_sites_stays_below_three_megabytes(make_living, tmp_path):
    record = make_living(n_steps=2_928, n_sites=20, step_s=10_800)
    every = np.full((2_928, 9), 10_800 * 20 // 9, dtype=np.int64)
    record = replace(record, trace=replace(record.trace, owner_s=every))
    assert len(page(record, tmp_path)) < 3_000_000


def test_it_is_made_at_an_aware_time(living_record, tmp_path):
    with pytest.raises(ClockError):
        write_living_report(living_record, tmp_path / "r.html", created_at=datetime(2026, 1, 1))  # noqa: DTZ001
