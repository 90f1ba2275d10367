"""The report of a scan of cells opened in a real browser, wide and as on a phone: all is drawn, nothing sticks out."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from battuta.interfaces.reports.health_report import write_health_report
from tests.conftest import require
from unit.health.recorded_lives import scanned

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
    "--allow-file-access-from-files",
    "--window-size=1400,900",
    "--virtual-time-budget=20000",
)
WIDTHS = (400, 1200)
MEASURE = """<!DOCTYPE html><body>FRAMES<script>
addEventListener("load", function () {
  const found = Array.from(document.querySelectorAll("iframe")).map(function (frame) {
    const page = frame.contentDocument, width = page.documentElement.clientWidth;
    const boxes = function (what) { return Array.from(page.querySelectorAll(what)).map(function (each) {
      return each.getBoundingClientRect(); }); };
    const words = boxes(".frame span, figcaption, h3, .fleet span, .legend span");
    return {
      width: width, needed: page.documentElement.scrollWidth, charts: boxes(".chart svg").length,
      flat: boxes(".chart svg").filter(function (box) { return box.width < 200 || box.height < 100; }).length,
      empty: Array.from(page.images).filter(function (image) { return !image.naturalWidth; }).length,
      images: page.images.length,
      outside: words.filter(function (box) { return box.left < -0.5 || box.right > width + 0.5; }).length,
      marks: boxes(".mark").length,
    };
  });
  document.body.textContent = JSON.stringify(found);
});
</script></body>"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, int]], str]:
    """What a page around the report, at two widths, measured in it; and what the browser logged."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    browser = browser or require("browser", f"no browser: none of {', '.join(BROWSERS)} is installed")
    folder: Path = tmp_path_factory.mktemp("report")
    created_at = datetime(2026, 6, 1, tzinfo=UTC)
    write_health_report(scanned(), folder / "scan.html", telemetry="a" * 200, cell="lfp_314ah", created_at=created_at)
    frames = "".join(
        f'<iframe src="scan.html" style="width:{width}px;height:800px;border:0"></iframe>' for width in WIDTHS
    )
    around = folder / "around.html"
    around.write_text(MEASURE.replace("FRAMES", frames), encoding="utf-8")
    command = [browser, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", around.as_uri()]
    limit = timedelta(minutes=2)
    run = subprocess.run(command, capture_output=True, text=True, timeout=limit.total_seconds(), check=True)
    return json.loads(unescape(re.search(r"<body>(\[.*\])</body>", run.stdout).group(1))), run.stderr


def test_nothing_is_wider_than_the_screen(measured: tuple[list[dict[str, int]], str]) -> None:
    found, _ = measured
    assert len(found) == len(WIDTHS)
    for each in found:
        assert each["needed"] <= each["width"]
        assert each["outside"] == 0


def test_every_chart_and_picture_is_drawn(measured: tuple[list[dict[str, int]], str]) -> None:
    for each in measured[0]:
        assert each["charts"] >= 8
        assert each["flat"] == 0
        assert each["images"] >= 6
        assert each["empty"] == 0
        assert each["marks"] == 2 * len(scanned().findings)


def test_the_browser_has_no_complaint(measured: tuple[list[dict[str, int]], str]) -> None:
    assert [line for line in measured[1].splitlines() if "CONSOLE" in line] == []
