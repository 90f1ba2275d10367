import re

from battuta.interfaces.reports.twin_blocks import Picture
from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_html import figures_html, twin_html
from battuta.interfaces.reports.twin_json import twin_json
from battuta.interfaces.reports.twin_report import study_report
from battuta.interfaces.reports.twin_wording import money_text, rate_text
from unit.interfaces.reports.twin_case import HARD, result


def test_same_study_same_page():
    assert twin_html(result(), version="1.2") == twin_html(result(), version="1.2")


def test_it_holds_the_sections_the_figures_and_the_numbers_of_the_annex():
    figures = study_figures(result(), "1.2")
    page = figures_html(figures)
    report = study_report(figures)
    for number, section in enumerate(report.sections, 1):
        assert f"<h2>{number} {section.heading}</h2>" in page
    assert page.count('class="plot"') == len(report.charts())
    bettered = twin_json(result())["finance"]["bettered"]
    assert rate_text(bettered["irr"]["p90"]) in page
    assert money_text(bettered["npv"]["p99"]) in page
    assert "SYNTHETIC" in page


def test_names_cannot_become_markup():
    page = twin_html(result(HARD, strategy_names=("<i>one", "two")), version="1")
    body = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert "<i>" not in body
    assert "&lt;i&gt;one" in body


def test_lines_of_a_cell_are_lines():
    assert "/year<br>broken in" in twin_html(result(), version="1")


def test_a_caption_stands_once_and_no_table_hides_its_last_rows():
    study = study_figures(result(), "1")
    page = figures_html(study)
    body = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    picture = next(
        each for section in study_report(study).sections for each in section.blocks if isinstance(each, Picture)
    )
    assert len(picture.charts) > 1
    assert body.count(picture.caption) == 1
    assert ".whole .scroll { max-height: none; }" in page
    assert body.count('<div class="whole"><div') == body.count('class="scroll"')
