"""A report is whole, self-contained, honest about its money, and safe whatever its words are."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from battuta.domain.errors import ClockError, UsageError
from battuta.interfaces.reports.html_report import ROWS_MAX, write_backtest_report, write_schedule_report
from battuta.interfaces.reports.wording import percent_text

NOW = datetime(2026, 2, 1, 9, 30, tzinfo=UTC)
VOID = {"meta", "br", "img", "link", "input", "hr"}


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
        return " ".join(" ".join(self.words).split())


def report(result, tmp_path, strategy="similar_day", **changes):
    facts = {"title": "A week", "created_at": NOW, "notes": ("battuta backtest prices.csv",)} | changes
    path = write_backtest_report(result, strategy, tmp_path / "report.html", **facts)
    assert path.stat().st_size < 6_000_000
    return Page(path.read_text(encoding="utf-8"))


def test_the_page_is_well_formed_and_whole(result, tmp_path):
    page = report(result, tmp_path)
    assert page.open == []
    assert page.tags[0] == ("html", {"lang": "en"})
    for name in result.results:
        assert name in page.text
    for words in (
        "Depot",
        "1,000 kW AC, 2,000 kWh stored",
        "Europe/Berlin, clock utc",
        "a test",
        "2, 2026-01-05 to 2026-01-07",
        "1: 2026-01-06",
        percent_text(result.captured("similar_day")).replace("\u00a0", " "),
        "price spread does not pay for losses and wear",
        "battuta backtest prices.csv",
        "Made 2026-02-01 09:30 UTC",
    ):
        assert words in page.text.replace("\u00a0", " ")


def test_every_step_of_the_last_week_has_a_row(result, tmp_path):
    page = report(result, tmp_path)
    assert page.text.count("Mon 2026-01-05 ") == page.text.count("Wed 2026-01-07 ") == 24
    assert "All steps." in page.text


def test_nothing_is_asked_of_anyone(result, tmp_path):
    page = report(result, tmp_path)
    addresses = [
        (tag, name, value)
        for tag, attributes in page.tags
        for name, value in attributes.items()
        if name in {"src", "href", "srcset", "action", "data", "poster", "background"}
    ]
    assert addresses == []
    assert not {"link", "img", "iframe", "object", "embed", "form"} & {tag for tag, _ in page.tags}


def test_plots_have_captions_and_tables_have_scopes(result, tmp_path):
    page = report(result, tmp_path)
    tags = [tag for tag, _ in page.tags]
    assert tags.count("figure") == tags.count("figcaption") == 4
    assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")
    assert tags.count("noscript") == 1
    assert tags.count("table") == tags.count("caption") == 3


def test_user_words_are_no_markup(hostile_result, tmp_path):
    plain = report(hostile_result, tmp_path)
    hostile = hostile_result.site.name
    page = report(hostile_result, tmp_path, strategy=hostile, title=hostile, notes=(hostile,))
    assert "img" not in {tag for tag, _ in page.tags}
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    for each in (plain, page):
        assert [tag for tag, _ in each.tags].count("script") == 4 + 2
        assert hostile in " ".join(each.words)


def test_synthetic_prices_are_labelled(synthetic_result, tmp_path):
    page = report(synthetic_result, tmp_path)
    assert ("p", {"class": "label", "role": "note"}) in page.tags
    assert "SYNTHETIC: synthetic market, seed 7, not market data" in page.text


def test_benchmark_money_is_named_as_such(benchmark_result, tmp_path):
    page = report(benchmark_result, tmp_path)
    assert "not settled, not revenue" in page.text
    assert "revenue" not in page.text.replace("not revenue", "")
    assert "net, benchmark EUR" in page.text
    assert "Sun 2026-01-04 23:00" in page.text


def test_a_year_stays_small(long_result, tmp_path):
    page = report(long_result, tmp_path)
    assert "The last 168 of 8,760 steps." in page.text
    n_rows = len(re.findall(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) 2026-\d\d-\d\d", page.text))
    assert n_rows == 168 <= ROWS_MAX


def test_a_plan_is_told_from_what_came_of_it(result, tmp_path):
    assert "made before the prices were known" in report(result, tmp_path).text
    assert "made before the prices were known" not in report(result, tmp_path, strategy="oracle_day").text
    assert "made before the prices were known" not in report(result, tmp_path, strategy="fixed_time").text


def test_wrong_calls_are_refused(result, tmp_path):
    with pytest.raises(UsageError, match="no strategy 'magic'"):
        report(result, tmp_path, strategy="magic")
    with pytest.raises(ClockError, match="created_at"):
        report(result, tmp_path, created_at=datetime(2026, 1, 1))  # noqa: DTZ001  a naive time is the point


def test_a_schedule(schedule, result, tmp_path):
    path = write_schedule_report(
        schedule, result.site, result.prices, tmp_path / "schedule.html", title="Tomorrow", created_at=NOW
    )
    page = Page(path.read_text(encoding="utf-8"))
    assert page.open == []
    for words in (
        "objective, EUR 123.46",
        "engine dynamic",
        "24, Mon 2026-01-05 00:00 to Mon 2026-01-05 23:00",
        "All steps.",
    ):
        assert words in page.text
    assert [tag for tag, _ in page.tags].count("figure") == 2
    assert page.text.count("Mon 2026-01-05 ") >= 24


def test_what_forecasts_had_to_do_without_has_a_section_only_where_there_is_any(result, tmp_path):
    heading = "What forecasts had to do without"
    assert heading not in report(result, tmp_path).text
    lame = replace(result.results["similar_day"], notes={"load is missing": 2})
    page = report(replace(result, results=result.results | {"similar_day": lame}), tmp_path)
    assert heading in page.text
    assert "load is missing" in page.text
