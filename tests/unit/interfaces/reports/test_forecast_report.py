"""The report of a forecast test is whole, self-contained, small, honest at its top, and safe whatever its words are."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import numpy as np
import pytest

from battuta.domain.errors import ClockError, UsageError
from battuta.interfaces.reports.forecast_report import write_forecast_report
from battuta.interfaces.reports.wording import number_text, percent_text
from battuta.studies.forecast_scores import score_forecasts
from unit.interfaces.reports.forecast_case import benchmark, evaluation, price_series

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
HOSTILE = """<img src=x onerror=alert(1)>"&'</script><script>alert(2)</script>"""
VOID = {"meta", "br", "img", "link", "input", "hr"}
BYTES_MAX = 3_000_000
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


class Page(HTMLParser):
    """Tags with their attributes, and the text outside scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        if self.open and self.open[-1] not in {"script", "style"}:
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).replace("\u00a0", " ").split())

    @property
    def figures(self):
        return [attributes["id"] for tag, attributes in self.tags if tag == "figure"]


def report(made, tmp_path, **changes):
    facts = {"title": "Two months", "created_at": NOW, "notes": ("battuta forecast prices.csv",)} | changes
    path = write_forecast_report(made, score_forecasts(made), tmp_path / "report.html", **facts)
    assert path.stat().st_size < BYTES_MAX
    return Page(path.read_text(encoding="utf-8"))


def test_the_page_is_well_formed_and_whole(tmp_path):
    made = evaluation(60)
    page, scores = report(made, tmp_path), score_forecasts(made)
    assert page.open == []
    assert page.figures == FIGURES
    for words in (
        f"Over 60 days the forecast was off by {number_text(scores.mae)} EUR/MWh on average",
        f"{percent_text(scores.coverage_90)} lay in its 90 % band".replace("\u00a0", " "),
        "60, 2026-01-19 to 2026-03-19",
        "linear+kernel+trees",
        "Europe/Berlin, clock utc",
        "without trees: too little history",
        "Lago",
        "battuta forecast prices.csv",
        "Made 2026-06-01 09:30 UTC",
    ):
        assert words in page.text, words
    assert "published" not in page.text.split("The model's card")[0]


def test_what_is_better_and_what_is_worse_is_said_as_it_is(tmp_path):
    made = evaluation(60)
    error = made.price_per_mwh - made.point
    page = report(
        made, tmp_path, published={"other": made.price_per_mwh - 2.0 * error, "paper": made.price_per_mwh - 0.5 * error}
    )
    assert "The best published forecast, paper, was off by" in page.text
    assert "100.0 % more than it." in page.text
    assert page.figures[-2:] == ["slots", "scatter"]
    worse = evaluation(60, point=made.price_per_mwh + 20.0)
    assert "off by 20.00 EUR/MWh on average, 100.0 % more than the similar day (10.00)" in report(worse, tmp_path).text


def test_labels_stand_at_the_top(tmp_path):
    made = evaluation(30, prices=benchmark(30, is_synthetic=True))
    page = report(made, tmp_path, assumptions=["assumes that wind was published before the gate"])
    top = page.text.split("How wrong it was")[0]
    for words in ("SYNTHETIC: a test, not market data", "benchmark on days of 24 h", "assumes that wind was published"):
        assert words in top
    assert ("p", {"class": "label", "role": "note"}) in page.tags
    assert "SYNTHETIC" not in report(evaluation(30), tmp_path).text


def test_nothing_is_asked_of_anyone(tmp_path):
    page = report(evaluation(20), tmp_path)
    asking = {"src", "href", "srcset", "action", "data", "poster", "background"}
    assert [each for _, attributes in page.tags for each in attributes if each in asking] == []
    assert not {"link", "img", "iframe", "object", "embed", "form"} & {tag for tag, _ in page.tags}


def test_plots_have_captions_and_tables_have_scopes(tmp_path):
    page = report(evaluation(20), tmp_path)
    tags = [tag for tag, _ in page.tags]
    assert tags.count("figure") == tags.count("figcaption") == len(FIGURES)
    assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")
    assert tags.count("table") == tags.count("caption")
    assert tags.count("noscript") == 1


def test_words_of_a_user_are_no_markup(tmp_path):
    plain = report(evaluation(20), tmp_path, published={"paper": evaluation(20).point + 1.0}, importance={"a": 1.0})
    made = evaluation(20, prices=price_series(20, source=HOSTILE), notes=((HOSTILE,),) * 20, model=HOSTILE)
    given = {"title": HOSTILE, "notes": (HOSTILE,), "assumptions": (HOSTILE,), "importance": {HOSTILE: 1.0}}
    page = report(made, tmp_path, published={HOSTILE: made.point + 1.0}, **given)
    assert not {"img"} & {tag for tag, _ in page.tags}
    scripts = [sum(tag == "script" for tag, _ in each.tags) for each in (plain, page)]
    assert scripts[0] == scripts[1]
    assert page.text.count("onerror=alert(1)") >= 6


def test_importance_has_a_section_of_its_own(tmp_path):
    page = report(evaluation(20), tmp_path, importance={"load, day d": 3.0, "wind, day d": 1.0})
    assert page.figures[-1] == "importance"
    assert "What it leaned on" in page.text


@pytest.mark.parametrize("n_days", [1, 2, 8])
def test_short_tests_have_a_report(n_days, tmp_path):
    made = evaluation(n_days)
    page = report(made, tmp_path, published={"paper": made.point + 1.0})
    assert page.open == []
    assert "fan" in page.figures
    assert "fortnight" not in page.text


def test_missing_prices_and_quarter_hours_have_a_report(tmp_path):
    made = evaluation(40, prices=price_series(40, 4), missing=[0, 17, 39])
    page = report(made, tmp_path)
    assert "EUR, 15 min" in page.text
    assert page.figures == FIGURES


def test_two_years_beside_ten_others_stay_small(tmp_path):
    made = evaluation(728)
    page = report(made, tmp_path, published={f"net {k}": made.point + k for k in range(1, 11)})
    assert len(page.figures) == len(FIGURES) + 2


def test_what_does_not_fit_is_refused_before_a_file_is_there(tmp_path):
    made = evaluation(20)
    with pytest.raises(UsageError, match="has the shape"):
        report(made, tmp_path, published={"paper": np.zeros((3, 24))})
    with pytest.raises(ClockError, match="created_at"):
        report(made, tmp_path, created_at=datetime(2026, 6, 1))  # noqa: DTZ001
    assert not (tmp_path / "report.html").exists()


def test_no_number_is_written_as_nan(tmp_path):
    made = evaluation(8, missing=[2])
    page = report(made, tmp_path, published={"paper": made.point + 1.0})
    assert not re.search(r"\bnan\b|\binf\b", page.text, re.IGNORECASE)
