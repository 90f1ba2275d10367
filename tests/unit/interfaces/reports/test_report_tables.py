"""Tables hold what figures show, in numbers and words."""

import re
from dataclasses import replace

from battuta.interfaces.reports.report_tables import (
    label_html,
    lacking_table,
    reason_table,
    step_table,
    strategy_definitions,
    strategy_table,
)
from battuta.interfaces.reports.step_record import strategy_record


def rows(html):
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", html)]


def test_strategies_come_before_yardsticks(result):
    names = [row[0] for row in rows(strategy_table(result, "similar_day"))[1:]]
    assert names == ["▸ similar_day", "fixed_time", "idle", "oracle_day (yardstick)"]


def test_gain_over_each_baseline(result):
    head, best, fixed_time, *_, oracle = rows(strategy_table(result, "similar_day"))
    assert head[-1] == "gain over best_simple_rule (similar_day)"
    assert fixed_time[-1].startswith("-")
    assert (best[-1], oracle[-1]) == ("-", "-")


def test_benchmark_money_is_never_revenue(benchmark_result, result):
    assert "revenue" not in strategy_table(benchmark_result, "similar_day")
    assert "benchmark EUR per MW and year" in strategy_table(benchmark_result, "similar_day")
    assert "revenue, EUR" in strategy_table(result, "similar_day")


def test_every_strategy_is_defined(hostile_result):
    made = strategy_definitions(hostile_result)
    assert "charge from 02:00 until full, discharge from 18:00 until empty" in made
    assert "A strategy of your own" in made
    assert "<img" not in made


def test_what_forecasts_had_to_do_without_is_shown_where_there_is_any(result):
    assert not lacking_table(result)
    lame = replace(result.results["similar_day"], notes={"load is missing <b>": 2})
    made = lacking_table(replace(result, results=result.results | {"similar_day": lame}))
    assert rows(made)[1] == ["similar_day", "load is missing &lt;b&gt;", "2"]


def test_steps_have_their_reasons(result):
    table = rows(step_table(strategy_record(result, "similar_day")))
    assert len(table) == 49
    assert table[1] == [
        "Mon 2026-01-05 00:00",
        "40.00",
        "buy / charge",
        "-800",
        "50.0",
        "rated power",
        "45.00",
        "0.00",
        "12.50",
        "-32.00",
    ]


def test_reasons_are_a_table_too(result):
    table = rows(reason_table(strategy_record(result, "fixed_time")))
    assert [row[0] for row in table[1:]] == ["fixed rule", "rated power"]
    assert table[1][3] == "-"


def test_no_label_no_banner():
    assert label_html("") == ""
    assert 'role="note"' in label_html("SYNTHETIC")
