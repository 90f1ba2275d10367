"""A report opened in a real browser: its figures are drawn, nothing complains, nothing is asked of the network."""

import re
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta

import pytest

from battuta.adapters.markets.simulated import simulated_prices
from battuta.domain.asset import Battery, Site
from battuta.interfaces.reports.html_report import write_backtest_report
from battuta.studies.backtest import run_backtest
from tests.conftest import require

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--window-size=1400,900",
    "--virtual-time-budget=20000",
)
N_FIGURES = 4


@pytest.fixture(scope="module")
def browser():
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or require("browser", f"no browser: none of {', '.join(BROWSERS)} is installed")


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    """The document after its scripts ran, and what the browser logged."""
    folder = tmp_path_factory.mktemp("report")
    prices = simulated_prices(7, date(2026, 1, 1), 60)
    battery = Battery(power_kw=1000.0, energy_kwh=2000.0, soc_min=0.1, soc_max=0.9, soc_start=0.1)
    site = Site(battery=battery, timezone="Europe/Berlin", name="<script>document.title = 'taken'</script>")
    result = run_backtest(prices, site, ["idle", "fixed_time", "similar_day"], 14)
    path = write_backtest_report(
        result,
        "similar_day",
        folder / "report.html",
        title="Fourteen days",
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    command = [browser, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", path.as_uri()]
    limit = timedelta(minutes=2)
    run = subprocess.run(command, capture_output=True, text=True, timeout=limit.total_seconds(), check=True)
    return run.stdout, run.stderr


def test_every_figure_is_drawn(page):
    document, _ = page
    drawn = [part.split("</figure>")[0] for part in document.split("<figure ")[1:]]
    assert [re.search(r'id="(\w+)"', part).group(1) for part in drawn] == ["money", "dispatch", "cumulative", "reasons"]
    for part in drawn:
        assert 'class="main-svg"' in part
        assert "which did not run" not in part
    assert len(re.findall(r'class="trace scatter', drawn[1])) >= 5
    assert len(re.findall(r'class="point"', drawn[0])) == N_FIGURES  # idle, fixed_time, similar_day, oracle_day


def test_labels_and_headings_are_in_the_pictures(page):
    document, _ = page
    pictures = " ".join(re.findall(r"<svg.*?</svg>", document, re.DOTALL))
    assert pictures.count("SYNTHETIC: synthetic market, seed 7, not market data") >= N_FIGURES
    for words in ("sell / discharge", "buy / charge", "local time, Europe/Berlin"):
        assert words in pictures


def test_the_browser_has_no_complaint(page):
    _, log = page
    assert [line for line in log.splitlines() if "CONSOLE" in line] == []


def test_words_of_a_user_ran_nothing(page):
    document, _ = page
    assert "<title>Fourteen days</title>" in document
    assert "&lt;script&gt;document.title" in document


def test_no_button_uploads(page):
    document, _ = page
    assert "Download plot" in document
    assert "Share chart" not in document.split("<script>")[0]
