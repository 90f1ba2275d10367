"""PDF, page and annex of a study say the same numbers: those of the annex are looked for in the text of the others."""

import re
import shutil
import subprocess
from html import unescape

import pytest

from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_html import figures_html
from battuta.interfaces.reports.twin_json import figures_json
from battuta.interfaces.reports.twin_wording import chance_text, money_text, rate_text, soh_text
from battuta.interfaces.reports.wording import number_text
from unit.interfaces.reports.twin_case import N_YEARS, result, with_risk


@pytest.fixture(scope="module")
def figures():
    return study_figures(with_risk(result()), "1")


def rows_of_annex(figures):
    """Rows of the first table by their heads, written from the annex alone."""
    told = list(figures_json(figures)["strategies"].values())
    bettered = [each["finance"]["bettered"] for each in told]
    return {
        "lives with the return that is asked": [chance_text(each["finance"]["asked_share"]) for each in told],
        "lives that pay every debt service": [
            chance_text(1.0 - each["finance"]["credit"]["missed_probability"]) for each in told
        ],
        "return on equity, P50": [rate_text(each["irr"]["p50"]) for each in bettered],
        "return on equity, P90": [rate_text(each["irr"]["p90"]) for each in bettered],
        "net present value, P50, EUR": [money_text(each["npv"]["p50"]) for each in bettered],
        "net present value, P90, EUR": [money_text(each["npv"]["p90"]) for each in bettered],
        "lowest DSCR, P90": [number_text(each["min_dscr"]["p90"]) for each in bettered],
        "LCOS nominal, P50, EUR/MWh": [number_text(each["lcos"]["p50"]) for each in bettered],
        f"capacity in year {N_YEARS}, median": [soh_text(each["soh"][str(N_YEARS)]["p50"]) for each in told],
        "a supplier's promise is broken": [
            chance_text(each["warranty"]["promise_breach_probability"]) for each in told
        ],
        "NPV of stress, P50": [money_text(case["npv"]["p50"]) for each in told for case in each["finance"]["stress"]],
        "debt": [money_text(each["finance"]["debt"]) for each in told],
    }


def plain(text):
    return re.sub(r"\s+", " ", text)


def test_the_page_says_the_numbers_of_the_annex(figures):
    page = re.sub(r"<script.*?</script>", "", figures_html(figures), flags=re.DOTALL)
    text = plain(unescape(re.sub(r"<[^>]+>", " ", page)))
    for head, cells in rows_of_annex(figures).items():
        for cell in cells if head.startswith(("NPV of", "debt")) else [" ".join([head, *cells])]:
            assert f" {plain(cell)} " in text, head


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext on this machine")
def test_the_pdf_says_the_numbers_of_the_annex(figures, tmp_path):
    pytest.importorskip("typst")
    pytest.importorskip("matplotlib")
    from battuta.interfaces.reports.twin_pdf import figures_pdf

    path = tmp_path / "study.pdf"
    path.write_bytes(figures_pdf(figures))
    said = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True).stdout.decode()
    text = plain(said)
    for head, cells in rows_of_annex(figures).items():
        for cell in cells if head.startswith(("NPV of", "debt")) else [" ".join([head, *cells])]:
            assert f" {plain(cell)} " in text, head
