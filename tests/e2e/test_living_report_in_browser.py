"""The report of a run opened in a real browser: its packed library runs, every figure is drawn, nothing complains."""

import re
import shutil
import subprocess
from datetime import timedelta

import pytest

import battuta as bt
from tests.conftest import require
from tests.e2e.test_report_in_browser import BROWSERS, FLAGS


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The document after its scripts ran, and what the browser logged."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    browser = found or require("browser", f"no browser: none of {', '.join(BROWSERS)} is installed")
    folder = tmp_path_factory.mktemp("report")
    lived = bt.run(sites=2, duration="10min", faults=["gas,site=1,start=2min,size=500"], journal=False, runs_dir=folder)
    path = lived.folder / "report.html"
    command = [browser, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", path.absolute().as_uri()]
    limit = timedelta(minutes=2)
    run = subprocess.run(command, capture_output=True, text=True, timeout=limit.total_seconds(), check=True)
    return run.stdout, run.stderr


def test_every_figure_is_drawn(page):
    document, _ = page
    drawn = [part.split("</figure>")[0] for part in document.split("<figure ")[1:]]
    names = [re.search(r'id="(\w+)"', part).group(1) for part in drawn]
    assert names == ["power", "soc", "temperature", "frequency", "owners"]
    for part in drawn:
        assert 'class="main-svg"' in part
        assert "which did not run" not in part
        assert len(re.findall(r'class="trace scatter', part)) >= 2


def test_labels_are_in_the_pictures(page):
    document, _ = page
    pictures = " ".join(re.findall(r"<svg.*?</svg>", document, re.DOTALL))
    assert pictures.count("SYNTHETIC: synthetic market, seed 1") >= 5
    for words in ("local time, Europe/Berlin", "market, ", "safety, ", "Hz"):
        assert words in pictures


def test_the_browser_has_no_complaint(page):
    _, log = page
    assert [line for line in log.splitlines() if "CONSOLE" in line] == []
