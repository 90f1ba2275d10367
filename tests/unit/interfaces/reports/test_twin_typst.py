import json

import pytest

from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_json import figures_json
from battuta.interfaces.reports.twin_report import study_report
from battuta.interfaces.reports.twin_typst import report_data, template
from battuta.interfaces.reports.twin_wording import money_text, rate_text, soh_text
from unit.interfaces.reports.twin_case import HARD, N_YEARS, result


@pytest.fixture(scope="module")
def figures():
    return study_figures(result(), "1.2")


def texts(value):
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for each in value for text in texts(each)] if isinstance(value, list) else []


def test_colours_are_filled_in():
    assert 'rgb("INK")' not in template()
    assert 'rgb("WARN-WASH")' not in template()


def test_names_stay_data(figures):
    report = study_report(study_figures(result(HARD)))
    told = json.loads(report_data(report))
    assert told["title"] == HARD
    assert HARD not in template()


def test_text_and_annex_say_the_same_numbers(figures):
    said = texts(json.loads(report_data(study_report(figures))))
    annex = figures_json(figures)["strategies"]
    for each in annex.values():
        money, health = each["finance"]["bettered"], each["soh"][str(N_YEARS)]
        for p in ("p50", "p75", "p90", "p99"):
            assert rate_text(money["irr"][p]) in said
            assert money_text(money["npv"][p]) in said
        assert soh_text(health["p50"]) in said
        assert soh_text(health["p10"]) in said
        for year, amount in enumerate(each["finance"]["rows"]["cfads"]):
            assert money_text(amount) in said, year


def test_every_picture_names_the_files_of_its_charts(figures):
    report = study_report(figures)
    told = json.loads(report_data(report))
    named = [
        chart["file"]
        for section in told["sections"]
        for block in section["blocks"]
        if block["kind"] == "picture"
        for chart in block["charts"]
    ]
    assert named == [f"{key}.svg" for key, _ in report.charts()]
