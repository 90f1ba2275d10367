"""The report of a forecast test opened in a real browser: all figures drawn, nothing complains, no word runs."""

import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from battuta.interfaces.reports.forecast_report import write_forecast_report
from battuta.studies.forecast_scores import score_forecasts
from tests.conftest import require
from unit.interfaces.reports.forecast_case import evaluation, price_series

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
FIGURES = [
    "mae",
    "fan",
    "day0",
    "day1",
    "day2",
    "hour",
    "weekday",
    "month",
    "calendar",
    "reliability",
    "pit",
    "rolling",
]
FIGURES += ["slots", "scatter", "importance"]
LABEL = "SYNTHETIC: a test, not market data"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The document after its scripts ran, and what the browser logged."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    browser = browser or require("browser", f"no browser: none of {', '.join(BROWSERS)} is installed")
    folder = tmp_path_factory.mktemp("report")
    made = evaluation(60, prices=price_series(60, is_synthetic=True), missing=[9])
    rival = "<script>document.title = 'taken'</script>"
    path = write_forecast_report(
        made,
        score_forecasts(made),
        folder / "report.html",
        title="Sixty days",
        created_at=datetime(2026, 6, 1, tzinfo=UTC),
        published={rival: made.point + 1.0, "paper": made.point - 3.0},
        importance={"load, day d": 3.0, "wind, day d": 1.0},
    )
    command = [browser, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", path.as_uri()]
    limit = timedelta(minutes=2)
    run = subprocess.run(command, capture_output=True, text=True, timeout=limit.total_seconds(), check=True)
    return run.stdout, run.stderr


@pytest.fixture(scope="module")
def drawn(page):
    """What the browser made of each figure."""
    parts = [part.split("</figure>")[0] for part in page[0].split("<figure ")[1:]]
    return {re.search(r'id="(\w+)"', part).group(1): part for part in parts}


def test_every_figure_is_drawn(drawn):
    assert list(drawn) == FIGURES
    for part in drawn.values():
        assert 'class="main-svg"' in part
        assert "which did not run" not in part
        assert LABEL in part


def test_the_fan_has_its_bands_and_its_menu(drawn):
    assert len(re.findall(r'class="trace scatter', drawn["fan"])) == 10
    assert "06 Mar 2026 to 19 Mar" in drawn["fan"]
    assert "updatemenu-dropdown-button" in drawn["fan"]


def test_bars_and_points_are_there(drawn):
    n_bars = {key: len(re.findall(r'<g class="point">', drawn[key])) for key in ("hour", "weekday", "month", "pit")}
    assert n_bars == {"hour": 48, "weekday": 14, "month": 6, "pit": 20}
    assert (
        len(re.findall(r'<path class="point"', drawn["scatter"])) == 59
    )  # the best rival, less the day without prices


def test_the_browser_has_no_complaint(page):
    _, log = page
    assert [line for line in log.splitlines() if "CONSOLE" in line] == []


def test_words_of_a_user_ran_nothing(page):
    document, _ = page
    assert "<title>Sixty days</title>" in document
    assert "&lt;script&gt;document.title" in document
