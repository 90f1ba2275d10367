"""The live view draws every site with what holds it, and nothing where nobody looks."""

import io

import pytest
from rich.console import Console

from battuta.app.living_request import RunRequest
from battuta.app.living_run import LivingRun
from battuta.app.living_setup import living_site
from battuta.app.lockstep import LockstepSites
from battuta.app.prices import synthetic_prices
from battuta.domain.image import Source
from battuta.interfaces.cli.live_view import ROWS_MAX, live_view, picture


def drawn(run, moment) -> str:
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(picture(run, moment))
    return console.export_text()


@pytest.fixture
def run(tmp_path):
    request = RunRequest(n_sites=3, duration_s=60, has_journal=False)
    return LivingRun(request, synthetic_prices(1, 60), living_site(), tmp_path)


def test_it_shows_sites_and_what_holds_them(run) -> None:
    sites = LockstepSites(run)
    sites.devices.instruments.silent[Source.BATTERY, 1] = True
    for _ in range(12):
        moment = sites.second()
    text = drawn(run, moment)
    assert "Hz" in text
    assert "EUR/MWh" in text
    assert "(simulated)" in text
    lines = [line for line in text.splitlines() if line.strip().startswith(("0 ", "1 ", "2 "))]
    assert len(lines) == 3
    assert "stale telemetry" in lines[1]
    assert "stale telemetry" not in lines[0]


def test_many_sites_are_cut_and_counted(tmp_path) -> None:
    request = RunRequest(n_sites=ROWS_MAX + 5, duration_s=60, has_journal=False)
    run = LivingRun(request, synthetic_prices(1, 60), living_site(), tmp_path)
    assert "and 5 more sites" in drawn(run, LockstepSites(run).second())


def test_nothing_is_drawn_where_nobody_looks(run, capsys) -> None:
    with live_view(run, shown=False) as show:
        show(LockstepSites(run).second())
    assert capsys.readouterr() == ("", "")
