import pytest

from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_pdf import compiled, figures_pdf, twin_pdf
from unit.interfaces.reports.twin_case import HARD, result

pytest.importorskip("typst")
pytest.importorskip("matplotlib")


def test_same_study_same_bytes():
    first = twin_pdf(result(), version="1.2")
    assert first.startswith(b"%PDF-")
    assert twin_pdf(result(), version="1.2") == first
    assert twin_pdf(result(), version="1.3") != first


def test_names_that_are_markup_are_set_as_they_are():
    study = result(HARD, strategy_names=(HARD, "#panic()"), has_debt=False, has_warranty=False)
    assert figures_pdf(study_figures(study)).startswith(b"%PDF-")


def test_each_page_as_a_picture():
    pages = compiled(study_figures(result()), "png", 20.0)
    assert len(pages) > 5
    assert all(page.startswith(b"\x89PNG") for page in pages)
